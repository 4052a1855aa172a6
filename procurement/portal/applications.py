"""Apply for a trade account: a company says who it is and shows its papers; sales decides."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.portal.hurdles import HurdleForm, stamp
from procurement.sales.operations.applications import (
    CONSENT,
    MOST_BYTES,
    ApplyForAccount,
    ShownPaper,
    apply_for_account,
)
from procurement.sales.rules.addresses import countries
from procurement.sales.terms import CustomerKind
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    EmailField,
    ProseField,
    TextField,
    TickField,
    UploadField,
)
from procurement.web.forms import render_form
from procurement.web.identity import current_actor
from procurement.web.throttle import limited
from procurement.web.transactions import write

bp = Door("applications", __name__, audience=Audience.PUBLIC, url_prefix="/trade-account")

KINDS = [
    (CustomerKind.SPA_OWNER.value, "A spa"),
    (CustomerKind.WELLNESS_CENTRE.value, "A wellness centre"),
    (CustomerKind.INDIVIDUAL.value, "A therapist working alone"),
]


class ApplicationForm(HurdleForm):
    company = TextField("Company")
    kind = ChoiceField("What are you?", KINDS)
    name = TextField("Your name")
    email = EmailField("Your mail address", description="You sign in with it.")
    phone = TextField("Telephone", required=False)
    homepage = TextField("Your homepage", required=False)
    street = ProseField("Street", required=False, most=500)
    postal_code = TextField("Postal code", required=False, most=20)
    city = TextField("Town", required=False)
    region = TextField("Region", required=False)
    country = ChoiceField("Country", [("", "Choose"), *countries()])
    vat_id = TextField(
        "VAT number", required=False, description="With the country before it, like IE6388047V."
    )
    registration = UploadField(
        "Proof of business",
        most_bytes=MOST_BYTES,
        required=False,
        description="A registration, a licence: PDF, JPEG or PNG.",
    )
    certificate = UploadField(
        "Resale or exemption certificate", most_bytes=MOST_BYTES, required=False
    )
    message = ProseField("Anything we should know", required=False, most=5_000)
    consent = TickField(CONSENT)

    def to_command(self) -> ApplyForAccount:
        shown = [field for field in (self.registration, self.certificate) if field.data]
        return ApplyForAccount(
            company=self.company.data,
            kind=CustomerKind(self.kind.data),
            name=self.name.data,
            email=self.email.data,
            country=self.country.data,
            phone=self.phone.data,
            vat_id=self.vat_id.data,
            homepage=self.homepage.data,
            street=self.street.data,
            postal_code=self.postal_code.data,
            city=self.city.data,
            region=self.region.data,
            message=self.message.data,
            consent=CONSENT if self.consent.data else "",
            papers=tuple(ShownPaper(field.file_name, field.data) for field in shown),
        )


@bp.get("")
def write_one() -> Response:
    return _page(ApplicationForm(opened=stamp()))


@bp.post("")
@limited
def send() -> Response:
    form = ApplicationForm.from_request()
    passes = form.passes()
    if passes and form.is_robots:
        return _thanks()
    if passes:
        try:
            with write() as session:
                apply_for_account(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks()
    form.open_again()
    return _page(form)


@bp.get("/thanks")
def thanks() -> str:
    return render_template("portal/application_sent.html", company=current_company())


def _thanks() -> Response:
    return Response(status=303, headers={"Location": url_for(".thanks")})


def _page(form: ApplicationForm) -> Response:
    return render_form("portal/application.html", form, company=current_company())
