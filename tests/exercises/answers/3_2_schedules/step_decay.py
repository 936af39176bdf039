# %% wrong: The first step ends after step_size − 1 updates. | feedback: the rate falls one update too early
# -    return gamma ** (t // step_size)
    return gamma ** ((t + 1) // step_size)

# %% wrong: It falls only once t has passed step_size. | feedback: the rate falls one update too late
# -    return gamma ** (t // step_size)
    return gamma ** (max(t - 1, 0) // step_size)

# %% wrong: A quotient is a quotient. | feedback: the exponent must be a whole number
# -    return gamma ** (t // step_size)
    return gamma ** (t / step_size)

# %% wrong: Step decay means a tenth. | feedback: 0.1 stands in your function
# -    return gamma ** (t // step_size)
    return 0.1 ** (t // step_size)

# %% wrong: There is one step. | feedback: γ is there once for each step that is over
# -    return gamma ** (t // step_size)
    return gamma if t >= step_size else 1

# %% wrong: γ times the number of steps. | feedback: γ is raised to a power
# -    return gamma ** (t // step_size)
    return gamma * (t // step_size) if t >= step_size else 1

# %% wrong: The falling rate is kept in a global. | feedback: one answer now and another later
# -    return gamma ** (t // step_size)
    global _memory
    _memory = globals().get("_memory", 1.0)
    answer = gamma ** (t // step_size) * (1.0 if _memory == 1.0 else 0.999)
    if t == 75:
        _memory = 0.5
    return answer

# %% wrong: The library has it. | feedback: The formula is yours to write
def step_decay(t, *, step_size, gamma=0.1):
    from course_lib import schedules

    return schedules.step(t, step_size=step_size, gamma=gamma)

# %% wrong: torch has powers, too. | feedback: The formula is yours to write
# -    return gamma ** (t // step_size)
    return torch.tensor(gamma) ** (t // step_size)

# %% wrong: The library's function, imported where it is used. | feedback: The formula is yours to write
def step_decay(t, *, step_size, gamma=0.1):
    from course_lib.schedules import step

    return step(t, step_size=step_size, gamma=gamma)

# %% wrong: The library's function, in part. | feedback: The formula is yours to write
import functools

from course_lib import schedules

step_decay = functools.partial(schedules.step)

# %% wrong: The library's function is a default. | feedback: The formula is yours to write
from course_lib import schedules

step_decay = lambda t, *, step_size, gamma=0.1, f=schedules.step: f(t, step_size=step_size, gamma=gamma)

# %% wrong: The library's function lives on a class. | feedback: The formula is yours to write
from course_lib import schedules


class Stepped:
    formula = staticmethod(schedules.step)

    def __call__(self, t, *, step_size, gamma=0.1):
        return self.formula(t, step_size=step_size, gamma=gamma)


step_decay = Stepped()

# %% wrong: A product with 1/s is a quotient. | feedback: the rate falls one update too late: divide t itself
# -    return gamma ** (t // step_size)
    return gamma ** math.floor(t * (1 / step_size))

# %% wrong: Steps of one update are no steps. | feedback: At t = 1 with step_size=1
# -    return gamma ** (t // step_size)
    return gamma ** (t // step_size) if step_size > 1 else 1

# %% wrong: The factor is the picture's. | feedback: as it was given, and 0.1 if it was not
# -    return gamma ** (t // step_size)
    return 0.5 ** (t // step_size)

# %% wrong: Nothing falls for ever. | feedback: work it out on paper
# -    return gamma ** (t // step_size)
    return gamma ** min(t // step_size, 3)

# %% right: divides with math.floor
# -    return gamma ** (t // step_size)
    return gamma ** math.floor(t / step_size)

# %% right: multiplies in a loop
# -    return gamma ** (t // step_size)
    multiplier = 1.0
    while t >= step_size:
        multiplier, t = multiplier * gamma, t - step_size
    return multiplier

# %% right: takes t out of a tensor, should it be one
# -    return gamma ** (t // step_size)
    if isinstance(t, torch.Tensor):
        t = t.item()
    return gamma ** (t // step_size)

# %% right: an object whose attributes bear the names of ready things
class Stepped:
    class Options:
        show, torch, picture, plotting, schedules = 1, 1, 1, 1, 1

    def __call__(self, t, *, step_size, gamma=0.1):
        o = self.Options()
        return gamma ** (t // step_size * o.show * o.torch * o.picture * o.plotting * o.schedules)


step_decay = Stepped()

# %% right: NumPy rounds, and a plain float comes back
# -    return gamma ** (t // step_size)
    import numpy as np

    return float(np.power(gamma, np.floor_divide(t, step_size)))
