"""The portal's door: open to everybody; what is somebody's own says so at its view."""

from procurement.web.doors import Audience, Door

bp = Door("portal", __name__, audience=Audience.PUBLIC)
