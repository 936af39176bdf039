# %% wrong: A rate is its multiplier. | feedback: that is the multiplier
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [self.schedule(self.last_epoch) for peak in self.base_lrs]

# %% wrong: Multiply the rate that is there. | feedback: The peak is self.base_lrs
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [group["lr"] * self.schedule(self.last_epoch) for group in self.optimizer.param_groups]

# %% wrong: One rate for all. | feedback: each group has its own peak
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [self.base_lrs[0] * self.schedule(self.last_epoch) for _ in self.base_lrs]

# %% wrong: The next update is one further. | feedback: update 0 is made at f(0)
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [peak * self.schedule(self.last_epoch + 1) for peak in self.base_lrs]

# %% wrong: The rate of the first update for all. | feedback: the rate stands still
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [peak * self.schedule(0) for peak in self.base_lrs]

# %% wrong: Multiply by the quotient of two multipliers. | feedback: division by zero
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        t = self.last_epoch
        if t == 0:
            return [peak * self.schedule(0) for peak in self.base_lrs]
        now, before = self.schedule(t), self.schedule(t - 1)
        return [group["lr"] * now / before for group in self.optimizer.param_groups]

# %% wrong: No answer comes back. | feedback: Is the return missing
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]

# %% wrong: The state holds everything. | feedback: Your state holds a function
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return super().state_dict()

# %% wrong: The state is what the object has, without the function. | feedback: does not survive torch.save
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {name: value for name, value in vars(self).items() if name != "schedule"}

# %% wrong: Loading sets where the schedule is, and no rate. | feedback: the optimizer still has the rate that it was made with
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        super().load_state_dict(state_dict)

# %% wrong: step() sets the rates. | feedback: you loaded one update too far
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        super().load_state_dict(state_dict)
        self.step()

# %% wrong: The rates are set before the state is loaded. | feedback: the optimizer still has the rate that it was made with
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr
        super().load_state_dict(state_dict)

# %% wrong: The first group gets its rate. | feedback: the optimizer still has the rate that it was made with
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        self.optimizer.param_groups[0]["lr"] = self.get_lr()[0]

# %% wrong: LambdaLR does it all. | feedback: Inherit from LRScheduler itself
class MySchedule(torch.optim.lr_scheduler.LambdaLR):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        super().__init__(optimizer, schedule, last_epoch)

# %% wrong: _step_count counts the updates. | feedback: Made with last_epoch=1
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [peak * self.schedule(self._step_count - 1) for peak in self.base_lrs]

# %% wrong: A counter of one's own, moved by get_lr. | feedback: let it count nothing
class MySchedule(LRScheduler):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        self.schedule, self.asked = schedule, -1
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        self.asked += 1
        return [peak * self.schedule(self.asked) for peak in self.base_lrs]

    def state_dict(self):
        return {name: value for name, value in super().state_dict().items() if name != "schedule"}

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self._last_lr, strict=True):
            group["lr"] = lr

# %% wrong: A counter that begins at last_epoch, moved by get_lr. | feedback: let it count nothing
class MySchedule(LRScheduler):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        self.schedule, self.asked = schedule, last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        self.asked += 1
        return [peak * self.schedule(self.asked) for peak in self.base_lrs]

    def state_dict(self):
        return {name: value for name, value in super().state_dict().items() if name != "schedule"}

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self._last_lr, strict=True):
            group["lr"] = lr

# %% wrong: The function lives on the class. | feedback: neither in a global nor on the class
class MySchedule(LRScheduler):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        MySchedule.schedule = staticmethod(schedule)
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]

    def state_dict(self):
        return super().state_dict()

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr

# %% wrong: The function lives in a global. | feedback: neither in a global nor on the class
class MySchedule(LRScheduler):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        global the_schedule
        the_schedule = schedule
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [peak * the_schedule(self.last_epoch) for peak in self.base_lrs]

    def state_dict(self):
        return super().state_dict()

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr

# %% wrong: One dict will do for all states. | feedback: Asked twice, state_dict returns the same dict
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        mine = vars(self.optimizer).setdefault("kept", {})
        mine.update((name, value) for name, value in super().state_dict().items() if name != "schedule")
        return mine

# %% wrong: A place is enough. | feedback: Let the state hold it, or set it when you load
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {"last_epoch": self.last_epoch}

# %% wrong: A place and peaks are enough. | feedback: get_last_lr() is
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

# %% wrong: A place and last rates are enough. | feedback: the state holds the peaks
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {"last_epoch": self.last_epoch, "_last_lr": list(self._last_lr)}

# %% wrong: At update 0 there is nothing to load. | feedback: loading sets the rates at update 0
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        if state_dict["last_epoch"] > 0:
            super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr

# %% wrong: A run has at most 1000 updates. | feedback: however the scheduler came there
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [peak * self.schedule(min(self.last_epoch, 1000)) for peak in self.base_lrs]

# %% wrong: A table holds all updates. | feedback: A run may be longer than any table
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        self.table = [self.schedule(t) for t in range(100)]
        return [peak * self.table[self.last_epoch] for peak in self.base_lrs]

# %% wrong: The peak is the rate that the group had. | feedback: a peak is initial_lr
class MySchedule(LRScheduler):
    def __init__(self, optimizer, schedule, last_epoch=-1):
        self.schedule, self.peaks = schedule, [group["lr"] for group in optimizer.param_groups]
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [peak * self.schedule(self.last_epoch) for peak in self.peaks]

    def state_dict(self):
        return {name: value for name, value in super().state_dict().items() if name != "schedule"}

    def load_state_dict(self, state_dict):
        super().load_state_dict(state_dict)
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr

# %% wrong: One number for all groups. | feedback: get_lr must return a list, one rate for each group
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return self.base_lrs[0] * self.schedule(self.last_epoch)

# %% wrong: One rate in a list for all groups. | feedback: get_lr must return a list, one rate for each group: 2 here
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return [self.base_lrs[0] * self.schedule(self.last_epoch)]

# %% wrong: A tuple is a list. | feedback: returned a tuple
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return tuple(peak * self.schedule(self.last_epoch) for peak in self.base_lrs)

# %% wrong: A generator is a list. | feedback: returned a generator
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        return (peak * self.schedule(self.last_epoch) for peak in self.base_lrs)

# %% wrong: An array is a list. | feedback: returned a ndarray
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        import numpy as np

        return np.array(self.base_lrs) * self.schedule(self.last_epoch)

# %% wrong: NumPy's numbers are plain ones. | feedback: Put float(…) around it
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        import numpy as np

        return list(np.array(self.base_lrs) * self.schedule(self.last_epoch))

# %% wrong: None stands for the function. | feedback: Your state holds None under 'schedule'
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return super().state_dict() | {"schedule": None}

# %% wrong: None stands for the function, and the last rates are set. | feedback: Your state holds None under 'schedule'
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return super().state_dict() | {"schedule": None}
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        for group, lr in zip(self.optimizer.param_groups, self._last_lr, strict=True):
            group["lr"] = lr

# %% wrong: The first group's rate goes into all. | feedback: that is group 0's
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        for group in self.optimizer.param_groups:
            group["lr"] = self.get_lr()[0]

# %% wrong: A LambdaLR inside does it all. | feedback: Write the scheduler yourself
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        inner = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self.schedule)
        return inner.get_last_lr()

# %% wrong: A state is good for one load. | feedback: load_state_dict must not change the state
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        place = dict(state_dict)
        state_dict.clear()
        super().load_state_dict(place)
        for number, lr in enumerate(self.get_lr()):
            self.optimizer.param_groups[number]["lr"] = lr

# %% right: keeps the place alone
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs), "_last_lr": list(self._last_lr)}

# %% right: takes the function out of a copy, and sets the rates that the state knows
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        state = dict(super().state_dict())
        del state["schedule"]
        return state

# %% right: sets the rates from the peaks
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        for k, group in enumerate(self.optimizer.param_groups):
            group["lr"] = self.base_lrs[k] * self.schedule(self.last_epoch)

# %% right: None stands for the function in the state, and the function is put back
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return super().state_dict() | {"schedule": None}
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        function = self.schedule
        super().load_state_dict(state_dict)
        self.schedule = function
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr

# %% right: attributes with the names of ready things, and NumPy's numbers made plain
# -        return [peak * self.schedule(self.last_epoch) for peak in self.base_lrs]
        import numpy as np

        o = type("Options", (), dict(show=1, torch=1, plotting=1, picture=1))
        factor = self.schedule(self.last_epoch) * o.show * o.torch * o.plotting * o.picture
        return (np.array(self.base_lrs) * factor).tolist()

# %% right: keeps place and peaks, and works out the last rates
# -        return {name: value for name, value in super().state_dict().items() if name != "schedule"}
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}
# -        super().load_state_dict(state_dict)
# -        for number, lr in enumerate(self.get_lr()):
# -            self.optimizer.param_groups[number]["lr"] = lr
        super().load_state_dict(state_dict)
        self._last_lr = self.get_lr()
        for group, lr in zip(self.optimizer.param_groups, self._last_lr, strict=True):
            group["lr"] = lr
