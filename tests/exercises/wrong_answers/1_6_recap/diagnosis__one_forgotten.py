# misconception: Three of four will do.
# feedback: There is no diagnosis of D

diagnosis = {}
diagnosis["A"] = "never forgets"
diagnosis["B"] = "never shuffled"
diagnosis["C"] = "rate too high"
