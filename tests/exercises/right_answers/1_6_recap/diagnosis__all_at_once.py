# differs: a dict in one go

diagnosis = dict(
    A="never forgets",
    B="never shuffled",
    C="rate too high",
    D="flat answers",
)
