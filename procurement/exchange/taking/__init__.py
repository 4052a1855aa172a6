"""Taking a harvest into the house: checked against what is there, then saved in sets of rows."""
