"""Products, variants, packs, barcodes, ingredients, pictures, search (no supplier codes)."""
