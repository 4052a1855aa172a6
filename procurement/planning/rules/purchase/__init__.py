"""The cheapest right order as a problem with one exact cost: described, priced, solved by simple rules, explained."""
