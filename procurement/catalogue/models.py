"""What is catalogued: families of products, their packs, ingredients, tags and pictures."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.catalogue.rules.order_rules import OrderRule
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension, Trait
from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose, Steps
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.types import str_enum


class Category(Base):
    """A shelf of the catalogue."""

    __tablename__ = "category"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]


class Family(Base):
    """Variants of one thing: the same oil in two sizes and three scents."""

    __tablename__ = "family"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    description: Mapped[Prose]


class Product(Base):
    """What is catalogued and counted, named by its SKU: one variant of a family, or a thing of its own."""

    __tablename__ = "product"

    id: Mapped[PrimaryKey]
    sku: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[Kind] = mapped_column(str_enum(Kind, "kind"))
    unit: Mapped[Unit] = mapped_column(str_enum(Unit, "unit"))
    status: Mapped[ProductStatus] = mapped_column(
        str_enum(ProductStatus, "status"), default=ProductStatus.ACTIVE
    )
    family_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("family.id"), index=True)
    category_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("category.id"), index=True)
    brand: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[Prose]
    material: Mapped[Prose]  # of tools, linen, disposables
    shelf_life_days: Mapped[int | None] = mapped_column(Integer)
    period_after_opening_months: Mapped[int | None] = mapped_column(Integer)
    # How the amount left in an opened container is told: in doses, in pump strokes, on a scale.
    dose: Mapped[Steps | None]  # what one treatment usually takes
    pump_stroke: Mapped[Steps | None]
    density: Mapped[int | None] = mapped_column(Integer)  # mg per ml (water: 1000)
    # Lower case, accents folded: name, SKU, brand, family, options, ingredients, GTINs; kept by catalogue operations.
    search_text: Mapped[str] = mapped_column(Text, default="")
    # The seller states that the list of ingredients is the whole label: only then is it free of anything.
    ingredients_complete: Mapped[Flag] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)

    packs: Mapped[list["Pack"]] = relationship(
        back_populates="product", lazy="raise", order_by="Pack.position"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("shelf_life_days > 0", name="shelf_life_positive"),
        CheckConstraint("period_after_opening_months > 0", name="after_opening_positive"),
        CheckConstraint("dose > 0", name="dose_positive"),
        CheckConstraint("pump_stroke > 0", name="pump_stroke_positive"),
        CheckConstraint("density > 0", name="density_positive"),
    )


class ProductOption(Base):
    """How a variant differs from its siblings: size = 500 ml, scent = lavender."""

    __tablename__ = "product_option"

    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), primary_key=True)
    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)


class Pack(Base):
    """A named quantity of a product that one buys or sells, with its own GTIN (14 digits, zero-padded)."""

    __tablename__ = "pack"

    id: Mapped[PrimaryKey]
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"))
    code: Mapped[Code]
    name: Mapped[Name]
    size_steps: Mapped[Steps]
    gtin: Mapped[str | None] = mapped_column(String(14), unique=True)
    tare: Mapped[Steps | None]  # what the empty container weighs, in mg
    is_sales_pack: Mapped[Flag] = mapped_column(
        default=False
    )  # the pack prices mean when none is named
    position: Mapped[int] = mapped_column(Integer, default=0)
    # How many a customer may order at once: from so many, in steps of, up to.
    order_least: Mapped[int] = mapped_column(Integer, default=1)
    order_step: Mapped[int] = mapped_column(Integer, default=1)
    order_most: Mapped[int | None] = mapped_column(Integer)

    product: Mapped[Product] = relationship(back_populates="packs", lazy="raise")

    __table_args__ = (
        UniqueConstraint("product_id", "code"),
        UniqueConstraint("id", "product_id"),
        CheckConstraint("size_steps > 0", name="size_positive"),
        CheckConstraint("tare > 0", name="tare_positive"),
        CheckConstraint(
            "CASE WHEN order_step >= 1 THEN order_least >= 1 AND order_least % order_step = 0 "
            "ELSE false END",  # nobody divides by nothing
            name="order_in_steps",
        ),
        CheckConstraint("order_most >= order_least", name="order_most_not_below"),
        Index(
            "uq_pack_one_sales_pack",
            "product_id",
            unique=True,
            sqlite_where=text("is_sales_pack"),
            postgresql_where=text("is_sales_pack"),
        ),
    )

    @property
    def rule(self) -> OrderRule:
        return OrderRule(self.order_least, self.order_step, self.order_most)

    def value(self, unit: Unit) -> PackValue:
        return PackValue(self.name, Quantity(self.size_steps, unit))


class Ingredient(Base):
    """An ingredient by its INCI name."""

    __tablename__ = "ingredient"

    id: Mapped[PrimaryKey]
    inci: Mapped[Name] = mapped_column(unique=True)


class ProductIngredient(Base):
    """An ingredient of a product, in the order of the label."""

    __tablename__ = "product_ingredient"

    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    ingredient_id: Mapped[ForeignId] = mapped_column(ForeignKey("ingredient.id"), index=True)
    may_contain: Mapped[Flag] = mapped_column(default=False)  # after "+/-": not in every batch

    __table_args__ = (UniqueConstraint("product_id", "ingredient_id"),)


class ProductTrait(Base):
    """A product is this: stated by the seller, or derived from its ingredients by catalogue operations."""

    __tablename__ = "product_trait"

    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), primary_key=True)
    trait: Mapped[Trait] = mapped_column(str_enum(Trait, "trait"), primary_key=True)

    __table_args__ = (Index("ix_product_trait_trait", "trait", "product_id"),)


class Tag(Base):
    """A body area or a technique that products are for."""

    __tablename__ = "tag"

    id: Mapped[PrimaryKey]
    dimension: Mapped[TagDimension] = mapped_column(str_enum(TagDimension, "dimension"))
    code: Mapped[Code]
    name: Mapped[Name]

    __table_args__ = (UniqueConstraint("dimension", "code"),)


class ProductTag(Base):
    """A product is for this body area or technique."""

    __tablename__ = "product_tag"

    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), primary_key=True)
    tag_id: Mapped[ForeignId] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)


class ProductPicture(Base):
    """A picture of a product; the one at position 0 leads."""

    __tablename__ = "product_picture"

    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), index=True)
    alternative_text: Mapped[Prose]


class SearchWord(Base):
    """A word that stands, or once stood, in a product's search text: what a misspelt one may have meant."""

    __tablename__ = "search_word"

    id: Mapped[PrimaryKey]
    word: Mapped[Code] = mapped_column(unique=True)  # folded, letters only


class Synonym(Base):
    """Words and phrases that mean the same to those who search, as the seller says."""

    __tablename__ = "synonym"

    id: Mapped[PrimaryKey]
    changed_at: Mapped[datetime]
    changed_by: Mapped[Name]


class SynonymPhrase(Base):
    """One of them; `key` is what all its plurals and spellings have in common."""

    __tablename__ = "synonym_phrase"

    synonym_id: Mapped[ForeignId] = mapped_column(ForeignKey("synonym.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    phrase: Mapped[Name]
    key: Mapped[Name] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("synonym_id", "key"),)


class SafetyPolicy(Base):
    """How strict the seller is with the table of allergens, and by which version of it traits were last derived."""

    __tablename__ = "safety_policy"

    id: Mapped[PrimaryKey]
    is_strict: Mapped[Flag] = mapped_column(default=False)
    counts_unchecked: Mapped[Flag] = mapped_column(default=True)
    derived_with: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
