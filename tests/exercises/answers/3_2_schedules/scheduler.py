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
