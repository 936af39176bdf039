# misconception: The best measurement is autograd.
# feedback: Measure it, with the h that was given


def measure(f, w, h=6e-6):
    leaf = w.clone().requires_grad_()
    f(leaf).backward()
    return leaf.grad
