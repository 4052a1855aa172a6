"""Words of the catalogue that doors may see."""

from enum import StrEnum


class Kind(StrEnum):
    OIL = "oil"
    LOTION = "lotion"
    CREAM = "cream"
    GEL = "gel"
    BALM = "balm"
    TOOL = "tool"
    LINEN = "linen"
    DISPOSABLE = "disposable"
    RETAIL_SET = "retail_set"
    SERVICE = "service"


class ProductStatus(StrEnum):
    ACTIVE = "active"
    DISCONTINUED = "discontinued"  # still counted and found, no longer bought or offered


class TagDimension(StrEnum):
    BODY_AREA = "body_area"
    TECHNIQUE = "technique"
