# %% wrong: The cosine ends by itself. | feedback: the cosine rises again
# -    u = min(t / total, 1)
    u = t / total

# %% wrong: math.cos takes degrees. | feedback: math.cos takes radians
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 + math.cos(180 * u)) / 2

# %% wrong: A whole turn, 2π. | feedback: it is half a cosine
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 + math.cos(2 * math.pi * u)) / 2

# %% wrong: The cosine itself is the multiplier. | feedback: Add 1 and halve it
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * math.cos(math.pi * u)

# %% wrong: A lost parenthesis. | feedback: put parentheses
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 + math.cos(math.pi * u) / 2)

# %% wrong: The floor is added on top. | feedback: only the rest, 1 − floor, falls
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 + math.cos(math.pi * u)) / 2

# %% wrong: The floor cuts the cosine off. | feedback: is the floor left out
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return max(floor, (1 + math.cos(math.pi * u)) / 2)

# %% wrong: After the end the rate is zero. | feedback: which is not 0
# -    u = min(t / total, 1)
    u = min(t / total, 1)
    if t > total:
        return 0.0

# %% wrong: The last update, t = total − 1, is at the floor. | feedback: it ends one update early
# -    u = min(t / total, 1)
    u = min(t / max(total - 1, 1), 1)

# %% wrong: The first update is number 1. | feedback: the first update has t = 0
# -    u = min(t / total, 1)
    u = min((t + 1) / total, 1)

# %% wrong: It rises. | feedback: Add the cosine
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 - math.cos(math.pi * u)) / 2

# %% wrong: A straight line will do. | feedback: that is a straight line
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 - u)

# %% wrong: The floor is left out. | feedback: is the floor left out
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return (1 + math.cos(math.pi * u)) / 2

# %% wrong: torch's scheduler knows it. | feedback: The formula is yours to write
def cosine(t, *, total, floor=0.0):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    torch_scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total, floor)
    for _ in range(min(t, total)):
        torch_scheduler.step()
    return optimizer.param_groups[0]["lr"]

# %% wrong: The library's cosine, imported where it is used. | feedback: The formula is yours to write
def cosine(t, *, total, floor=0.0):
    from course_lib.schedules import cosine as ready

    return ready(t, total=total, floor=floor)

# %% wrong: The library's cosine, in part. | feedback: The formula is yours to write
from functools import partial

from course_lib import schedules

cosine = partial(schedules.cosine)

# %% wrong: The library's halves are one's own. | feedback: The formula is yours to write
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    from course_lib.schedules import _half_cosine

    return floor + (1 - floor) * _half_cosine(u)

# %% wrong: torch knows the cosine. | feedback: The formula is yours to write
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 + torch.cos(torch.tensor(math.pi * u)).item()) / 2

# %% wrong: The floor is the picture's. | feedback: does a floor of 0.1 stand in your function
# -    u = min(t / total, 1)
    u, floor = min(t / total, 1), 0.1

# %% wrong: π is 3.14159. | feedback: At t = 25 with total=100 your multiplier is 0.853554
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * (1 + math.cos(3.14159 * u)) / 2

# %% right: the square of a cosine of half the angle
# -    return floor + (1 - floor) * (1 + math.cos(math.pi * u)) / 2
    return floor + (1 - floor) * math.cos(math.pi * u / 2) ** 2

# %% right: asks first whether it is over
# -    u = min(t / total, 1)
    if t >= total:
        return floor
    u = t / total

# %% right: takes t out of a tensor, should it be one, and its π from torch
# -    u = min(t / total, 1)
    if isinstance(t, torch.Tensor):
        t = t.item()
    u = min(t / total, 1) * (math.pi / torch.pi)
