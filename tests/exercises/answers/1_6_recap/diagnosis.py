# %% wrong: A loss that goes up and down forgets nothing. | feedback: as wide at the end as at first
# -diagnosis["B"] = "never shuffled"
diagnosis["B"] = "never forgets"

# %% wrong: High peaks come from a high rate. | feedback: in the end it wins
# -diagnosis["B"] = "never shuffled"
# -diagnosis["C"] = "rate too high"
diagnosis["B"] = "rate too high"
diagnosis["C"] = "never shuffled"

# %% wrong: A loss that no longer falls has too low a rate. | feedback: it would still be near its start
# -diagnosis["D"] = "flat answers"
diagnosis["D"] = "rate too low"

# %% wrong: Three of four will do. | feedback: There is no diagnosis of D
# -diagnosis["D"] = "flat answers"

# %% wrong: A diagnosis may be in words of one's own. | feedback: is none of the six words
# -diagnosis["A"] = "never forgets"
diagnosis["A"] = "zero_grad"

# %% wrong: A loss that rises walks uphill. | feedback: from the very first update
# -diagnosis["C"] = "rate too high"
diagnosis["C"] = "uphill"

# %% wrong: Whatever swings has too high a rate. | feedback: A is not 'rate too high'
# -diagnosis["A"] = "never forgets"
diagnosis["A"] = "rate too high"

# %% right: a dict in one go
diagnosis = dict(
    A="never forgets",
    B="never shuffled",
    C="rate too high",
    D="flat answers",
)

# %% wrong: A diagnosis is a list of four. | feedback: must stay a dict
diagnosis = ["never forgets", "never shuffled", "rate too high", "flat answers"]

# %% wrong: Capitals do not matter. | feedback: is none of the six words
# -diagnosis["A"] = "never forgets"
diagnosis["A"] = "Never forgets"

# %% wrong: A loop may have several faults. | feedback: is none of the six words
# -diagnosis["A"] = "never forgets"
diagnosis["A"] = ["never forgets", "rate too high"]
