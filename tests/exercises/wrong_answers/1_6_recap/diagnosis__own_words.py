# misconception: A diagnosis may be in words of one's own.
# feedback: is none of the six words

diagnosis = {}
diagnosis["A"] = "zero_grad"
diagnosis["B"] = "never shuffled"
diagnosis["C"] = "rate too high"
diagnosis["D"] = "flat answers"
