# misconception: A loss that no longer falls has too low a rate.
# feedback: it would still be near its start

diagnosis = {}
diagnosis["A"] = "never forgets"
diagnosis["B"] = "never shuffled"
diagnosis["C"] = "rate too high"
diagnosis["D"] = "rate too low"
