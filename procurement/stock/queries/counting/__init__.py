"""Reading stock counts: their sheets, their differences, how right they were, and which are due."""
