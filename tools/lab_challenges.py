"""The lab's challenges: each a sentence, which is a function's docstring, and the check that it makes.

Like lab_run, whose names it uses, it runs in the reader's browser, where an update takes a twentieth of a
millisecond or more. A check returns what is still missing, in a sentence, or nothing.
"""

from tools.lab_run import LIBRARY, descend, fitting, updated


def first_step(rule, hyper, request):
    """Make Adam's first step 3.16 (√10) times lr, and leave what comes much later, under a constant gradient,
    at lr."""
    settings = {**hyper, "lr": 0.01}
    for g in (-30.0, 0.2, 4.0):
        w, s, steps = 0.0, {}, []
        for t in range(1, 3001 if g == 4 else 2):
            new_w, s = updated(rule, w, g, s, t, settings)
            steps.append((w - new_w) / 0.01 if g > 0 else (new_w - w) / 0.01)
            w = new_w
        if abs(steps[0] - 10**0.5) > 0.002:
            return f"Under a gradient of {g:g}, the first step is {steps[0]:.3g} lr."
    if abs(steps[-1] - 1) > 0.05:
        return f"Under a constant gradient of {g:g}, step 3000 is {steps[-1]:.3g} lr."
    return ""


def momentum_alone(rule, hyper, request):
    """With the sliders lr and momentum alone: reach the star of the ravine in 40 updates, and stay within 0.1
    of it."""
    if request["text"] != request["known"]:
        return "This one takes the sliders alone: Restore brings the rule back."
    if hyper["nesterov"] or hyper["dampening"] or hyper["weight_decay"]:
        return "With momentum alone: nesterov, dampening and weight_decay stay as they were."
    path = descend(rule, eval(request["loss"]), request["start"], 100, hyper)
    if len(path) < 101:
        return "It diverges."
    far = max((x * x + y * y) ** 0.5 for x, y in path[40:])
    return "" if far <= 0.1 else f"At update 40 or later it is {far:.2g} away."


def lion_from_adam(rule, hyper, request):
    """Write Lion, beginning from Adam's lines."""
    for betas, decay in (((0.9, 0.99), 0.0), ((0.5, 0.8), 0.1)):
        ours, theirs, ours_s, theirs_s = 1.5, 1.5, {}, {}
        settings = {"lr": 0.1, "betas": betas, "weight_decay": decay}
        own = fitting(rule, settings)
        for t in range(1, 41):
            g = (t * 7 % 11 - 5) * 0.3 + (0.05 if t % 3 else -1.0)
            ours, ours_s = updated(rule, ours, g, ours_s, t, own)
            theirs, theirs_s = LIBRARY["lion"](theirs, g, theirs_s, t, **settings)
            if not abs(ours - theirs) < 1e-9:
                return (
                    f"With betas {betas} and weight_decay {decay:g}, update {t} goes elsewhere than Lion's."
                )
    return ""


def amsgrad_example(rule, hyper, request):
    """AMSGrad's example: within [−1, 1], f is 3x at every third update and −x at the others. With betas
    (0, 0.1), the rate 0.5/√t and without its amsgrad, whatever the sliders say, Adam ends at the worst point,
    1. Change its lines so that it ends at the best, −1, and in the mirrored example at 1."""
    own = fitting(rule, {"lr": 0.5, "betas": (0.0, 0.1), "eps": 1e-8, "amsgrad": False})
    for where, slopes in (("the example", (3.0, -1.0, -1.0)), ("a plain slope, f = x,", (1.0, 1.0, 1.0))):
        for side in (1.0, -1.0):
            x, s = 0.0, {}
            for t in range(1, 901):
                g = side * slopes[(t - 1) % 3]
                x, s = updated(rule, x, g, s, t, {**own, "lr": 0.5 / t**0.5})
                x = min(max(x, -1.0), 1.0)
            if not side * x < -0.9:
                mirrored = "" if side > 0 else "the mirror of "
                return f"In {mirrored}{where} it ends at {x:.2g}; the best is {-side:g}."
    return ""


#: What each begins with, and which of the library's functions it does without.
BEGINNINGS = {
    first_step: {"landscape": "bowl", "rule": "adam", "without": ["adamw", "amsgrad", "nadam", "radam"]},
    momentum_alone: {"landscape": "ravine", "rule": "sgd", "without": []},
    lion_from_adam: {"landscape": "rosenbrock", "rule": "adam", "without": ["lion"]},
    amsgrad_example: {"landscape": "bowl", "rule": "adam", "without": ["amsgrad"]},
}
