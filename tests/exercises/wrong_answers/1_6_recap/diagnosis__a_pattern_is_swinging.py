# misconception: A loss that goes up and down forgets nothing.
# feedback: as wide at the end as at first

diagnosis = {}
diagnosis["A"] = "never forgets"
diagnosis["B"] = "never forgets"
diagnosis["C"] = "rate too high"
diagnosis["D"] = "flat answers"
