# misconception: The parents of the result are all there is.
# feedback: the way back ended too early


def backward(result):
    result.grad = 1.0
    for parent in result.parents:
        if parent.parents:
            parent.grad = 0.0
    for parent, slope in zip(result.parents, result.slopes, strict=True):
        parent.grad += slope * result.grad
