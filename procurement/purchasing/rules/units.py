"""Codes by which machines know a pack: UN/ECE Recommendation 20 for units, 21 (behind an X) for what is packed."""

import re

from procurement.kernel.quantity import Unit

# Revision 17 of Recommendation 20, Annexes II and III; revision 9 of Recommendation 21, Annex V.
_PIECE, _PACKAGE = "H87", "XPK"
_CODES = {
    "ampoule": "XAM",
    "bag": "XBG",
    "barrel": "XBA",
    "basket": "XBK",
    "bottle": "XBO",
    "box": "XBX",
    "bucket": "XBJ",
    "bundle": "XBE",
    "can": "XCX",
    "canister": "XCI",
    "carton": "XCT",
    "case": "XCS",
    "cask": "XCK",
    "crate": "XCR",
    "cup": "XCU",
    "drum": "XDR",
    "dozen": "DZN",
    "each": _PIECE,
    "jar": "XJR",
    "jerrycan": "XJY",
    "jug": "XJG",
    "keg": "XKG",
    "package": _PACKAGE,
    "packet": "XPA",
    "pair": "PR",
    "pallet": "XPX",
    "pail": "XPL",
    "piece": _PIECE,
    "pot": "XPT",
    "pouch": "XPO",
    "roll": "XRO",
    "sachet": "XSH",
    "sack": "XSA",
    "set": "SET",
    "sheet": "XST",
    "sleeve": "XSY",
    "tank": "XTK",
    "tin": "XTN",
    "tray": "XDS",
    "tub": "XTB",
    "tube": "XTU",
    "vial": "XVI",
}
_WORDS = re.compile(r"[a-z]+")


def unit_code(pack_name: str, unit: Unit, steps: int) -> str:
    """The code of a pack by the first word of its name that has one; a single piece is a piece, all else a package."""
    for word in _WORDS.findall(pack_name.lower()):
        singular = word[:-2] if word.endswith(("xes", "ches", "shes")) else word.removesuffix("s")
        if code := _CODES.get(word) or _CODES.get(singular):
            return code
    return _PIECE if unit is Unit.PIECE and steps == 1 else _PACKAGE
