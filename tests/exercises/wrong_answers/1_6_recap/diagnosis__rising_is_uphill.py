# misconception: A loss that rises walks uphill.
# feedback: from the very first update

diagnosis = {}
diagnosis["A"] = "never forgets"
diagnosis["B"] = "never shuffled"
diagnosis["C"] = "uphill"
diagnosis["D"] = "flat answers"
