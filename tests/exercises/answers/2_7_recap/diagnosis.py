# %% wrong: What falls and then stays has too low a rate. | feedback: very slowly and smoothly
# -diagnosis["A"] = "softmax twice"
diagnosis["A"] = "rate too low"

# %% wrong: Two losses that stay together have seen the same images. | feedback: both losses go to zero
# -diagnosis["A"] = "softmax twice"
diagnosis["A"] = "validation seen"

# %% wrong: A rising validation loss is learning by heart. | feedback: On new images it first gets better, too
# -diagnosis["B"] = "labels apart"
diagnosis["B"] = "learns by heart"

# %% wrong: What does not move has too low a rate. | feedback: C is not 'rate too low'
# -diagnosis["C"] = "outputs dead"
diagnosis["C"] = "rate too low"

# %% wrong: What does not learn has the wrong labels. | feedback: C is not 'labels apart'
# -diagnosis["C"] = "outputs dead"
diagnosis["C"] = "labels apart"

# %% wrong: Wrong labels are labels of other images. | feedback: D is not 'labels apart'
# -diagnosis["D"] = "learns by heart"
diagnosis["D"] = "labels apart"

# %% wrong: Three of four will do. | feedback: There is no diagnosis of D
# -diagnosis["D"] = "learns by heart"

# %% wrong: A diagnosis may be in words of one's own. | feedback: is none of the six words
# -diagnosis["D"] = "learns by heart"
diagnosis["D"] = "overfitting"

# %% wrong: A diagnosis is a list of four. | feedback: must stay a dict
diagnosis = ["softmax twice", "labels apart", "outputs dead", "learns by heart"]

# %% right: a dict in one go
diagnosis = dict(A="softmax twice", B="labels apart", C="outputs dead", D="learns by heart")

# %% right: in another order
diagnosis = {}
diagnosis["D"] = "learns by heart"
diagnosis["C"] = "outputs dead"
diagnosis["B"] = "labels apart"
diagnosis["A"] = "softmax twice"
