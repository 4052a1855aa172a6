"""A problem as text: kept with its plan, so that the plan can be read, checked and solved again as it was."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.planning.rules.purchase.problem import Choice, Demand, Problem, Rules, Supply
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import BreakScheme, PriceBreak, Standing, SupplierTerms

Json = Mapping[str, Any]


def freeze(problem: Problem) -> str:
    """The problem without its rules: those stand in the plan's own columns, where people change them."""
    return _text(
        {
            "currency": problem.currency,
            "demands": [_demand(one) for one in problem.demands],
            "supplies": [_supply(one) for one in problem.supplies],
            "terms": {code: _terms(one) for code, one in problem.terms.items()},
            "worth": dict(problem.worth),
        }
    )


def thaw(text: str, rules: Rules) -> Problem:
    """What `freeze` wrote, under these rules."""
    told = json.loads(text)
    return Problem.of(
        told["currency"],
        map(_read_demand, told["demands"]),
        map(_read_supply, told["supplies"]),
        {code: _read_terms(one) for code, one in told["terms"].items()},
        told["worth"],
        rules,
    )


def fingerprint(problem: Problem) -> str:
    """Of what would make another plan right: what is short, who sells it on which terms; not of dates."""
    told = {
        "demands": [[*one.key, one.steps] for one in problem.demands],
        "supplies": [
            {name: value for name, value in _supply(one).items() if name != "arrives_on"}
            for one in problem.supplies
        ],
        "terms": {code: _terms(one) for code, one in problem.terms.items()},
        "worth": dict(problem.worth),
    }
    return hashlib.sha256(_text(told).encode()).hexdigest()


def freeze_choice(choice: Choice) -> str:
    return _text([[place, *key, packs] for (place, key), packs in sorted(choice.items()) if packs])


def thaw_choice(text: str) -> Choice:
    """Plans made before blanket orders were planned with name none."""
    return {
        (place, (product, supplier, pack, blanket[0] if blanket else "")): packs
        for place, product, supplier, pack, *blanket, packs in json.loads(text)
    }


def _text(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _demand(one: Demand) -> Json:
    return {
        "product": one.product,
        "product_name": one.product_name,
        "deliver_to": one.deliver_to,
        "deliver_to_name": one.deliver_to_name,
        "unit": one.unit.value,
        "steps": one.steps,
        "wanted_by": one.wanted_by.isoformat() if one.wanted_by else None,
        "most": one.most,
        "caps": [list(cap) for cap in one.caps],
    }


def _read_demand(told: Json) -> Demand:
    wanted_by = told["wanted_by"]
    return Demand(
        **{
            **told,
            "unit": Unit(told["unit"]),
            "wanted_by": date.fromisoformat(wanted_by) if wanted_by else None,
            "caps": tuple((supplier, pack, steps) for supplier, pack, steps in told["caps"]),
        }
    )


def _supply(one: Supply) -> Json:
    offer = one.offer
    return {
        "product": one.product,
        "supplier": one.supplier,
        "supplier_name": one.supplier_name,
        "pack": one.pack,
        "pack_name": offer.pack.name,
        "size": offer.pack.size.steps,
        "unit": offer.pack.size.unit.value,
        "currency": offer.currency,
        "moq": offer.moq,
        "multiple": offer.multiple,
        "price_breaks": sorted([step.from_packs, step.price.e4] for step in offer.price_breaks),
        "scheme": offer.scheme.value,
        "arrives_on": one.arrives_on.isoformat(),
        "preferred": one.preferred,
        **({"blanket": one.blanket, "left": one.left} if one.blanket else {}),
    }


def _read_supply(told: Json) -> Supply:
    currency = told["currency"]
    offer = Offer(
        Pack(told["pack_name"], Quantity(told["size"], Unit(told["unit"]))),
        currency,
        told["moq"],
        told["multiple"],
        tuple(PriceBreak(packs, UnitPrice(e4, currency)) for packs, e4 in told["price_breaks"]),
        BreakScheme(told["scheme"]),
    )
    return Supply(
        product=told["product"],
        supplier=told["supplier"],
        supplier_name=told["supplier_name"],
        pack=told["pack"],
        offer=offer,
        arrives_on=date.fromisoformat(told["arrives_on"]),
        preferred=told["preferred"],
        blanket=told.get("blanket", ""),
        left=told.get("left"),
    )


def _terms(one: SupplierTerms) -> Json:
    return {
        "currency": one.minimum.currency,
        "minimum": one.minimum.minor,
        "freight": one.freight.minor,
        "free_from": one.free_from.minor if one.free_from else None,
        "standing": one.standing.value,
    }


def _read_terms(told: Json) -> SupplierTerms:
    currency, free_from = told["currency"], told["free_from"]
    return SupplierTerms(
        Money(told["minimum"], currency),
        Money(told["freight"], currency),
        None if free_from is None else Money(free_from, currency),
        Standing(told["standing"]),
    )
