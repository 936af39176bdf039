# misconception: Each backward starts from zero, as our first loop did.
# feedback: You have set it back to 0


def backward(result):
    found, waiting = {}, [result]
    while waiting:
        value = waiting.pop()
        if value.number not in found:
            found[value.number] = value
            waiting.extend(value.parents)
    order = [found[number] for number in sorted(found, reverse=True)]
    for value in order:
        value.grad = 0.0
    result.grad = 1.0
    for value in order:
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
