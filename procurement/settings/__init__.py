"""The company: letterhead, brand, taxes, currencies and dated rates, rounding rule, time zone."""
