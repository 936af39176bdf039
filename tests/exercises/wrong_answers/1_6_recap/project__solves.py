# misconception: The exact answer is the best answer.
# feedback: Did you solve the equations


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    best = exact(design((x - m) / s), y, c)
    return lambda x_new: design((x_new - m) / s) @ best
