# misconception: The chain rule is a sum over paths, so one follows each of them.
# feedback: You follow every path


def backward(result):
    def reset(value):
        if value.parents:
            value.grad = 0.0
        for parent in set(value.parents):
            reset(parent)

    def report(value, gradient):
        value.grad += gradient
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            report(parent, slope * gradient)

    reset(result)
    report(result, 1.0)
