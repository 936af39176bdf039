# A value is served when as many reports have come in as arrows leave it.


def backward(result):
    missing, waiting = {result: 0}, [result]
    while waiting:
        value = waiting.pop()
        for parent in value.parents:
            if parent not in missing:
                missing[parent] = 0
                waiting.append(parent)
            missing[parent] += 1
    for value in missing:
        if value.parents:
            value.grad = 0.0
    result.grad += 1.0
    ready = [result]
    while ready:
        value = ready.pop()
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            parent.grad += slope * value.grad
            missing[parent] -= 1
            if missing[parent] == 0:
                ready.append(parent)
