# misconception: Whatever swings has too high a rate.
# feedback: A is not 'rate too high'

diagnosis = {}
diagnosis["A"] = "rate too high"
diagnosis["B"] = "never shuffled"
diagnosis["C"] = "rate too high"
diagnosis["D"] = "flat answers"
