# misconception: High peaks come from a high rate.
# feedback: in the end it wins

diagnosis = {}
diagnosis["A"] = "never forgets"
diagnosis["B"] = "rate too high"
diagnosis["C"] = "never shuffled"
diagnosis["D"] = "flat answers"
