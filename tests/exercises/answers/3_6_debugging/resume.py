# %% wrong: A memory that is empty needs no load. | feedback: for a run saved before its first update
# -    for name in ("net", "optimizer", "plan"):
# -        getattr(run, name).load_state_dict(state[name])
    for name in ("net", "optimizer", "plan"):
        if name != "optimizer" or state[name]["state"]:
            getattr(run, name).load_state_dict(state[name])

# %% wrong: No losses, nothing to put back. | feedback: the losses so far: losses
# -    run.left, run.losses = state["left"], state["losses"]
    run.left, run.losses = state["left"], state["losses"] or run.losses

# %% wrong: The plan's counts are the plan. | feedback: how far the plan is: plan.state_dict()
# -    for name in ("net", "optimizer", "plan"):
# -        getattr(run, name).load_state_dict(state[name])
    for name in ("net", "optimizer"):
        getattr(run, name).load_state_dict(state[name])
    for name in ("last_epoch", "_step_count", "_last_lr"):
        setattr(run.plan, name, state["plan"][name])

# %% wrong: A checkpoint is for use, in eval mode. | feedback: save changes the run: train or eval mode
# -    state["left"], state["losses"] = run.left, run.losses
    state["left"], state["losses"] = run.left, run.losses
    run.net.eval()

# %% wrong: The weights are the run. | feedback: Of 10 such things 5 differ: 
# -    for name in ("net", "optimizer", "plan"):
# -        getattr(run, name).load_state_dict(state[name])
# -    run.draw.set_state(state["draw"])
# -    run.left, run.losses = state["left"], state["losses"]
# -    torch.set_rng_state(state["random"])
    run.net.load_state_dict(state["net"])
    run.optimizer.load_state_dict(state["optimizer"])

# %% wrong: A new optimizer learns soon enough. | feedback: what the optimizer remembers, momenta and counts
# -        getattr(run, name).load_state_dict(state[name])
        if name != "optimizer":
            getattr(run, name).load_state_dict(state[name])

# %% wrong: The plan begins anew. | feedback: how far the plan is: plan.state_dict()
# -        getattr(run, name).load_state_dict(state[name])
        if name != "plan":
            getattr(run, name).load_state_dict(state[name])

# %% wrong: Parameters are the net. | feedback: the net's buffers, as batch norm's running mean
# -    for name in ("net", "optimizer", "plan"):
# -        getattr(run, name).load_state_dict(state[name])
    with torch.no_grad():
        for name, p in run.net.named_parameters():
            p.copy_(state["net"][name])
    run.optimizer.load_state_dict(state["optimizer"])
    run.plan.load_state_dict(state["plan"])

# %% wrong: Strict is too strict. | feedback: the net's buffers, as batch norm's running mean
# -    for name in ("net", "optimizer", "plan"):
# -        getattr(run, name).load_state_dict(state[name])
    names = dict(run.net.named_parameters())
    run.net.load_state_dict({k: v for k, v in state["net"].items() if k in names}, strict=False)
    run.optimizer.load_state_dict(state["optimizer"])
    run.plan.load_state_dict(state["plan"])

# %% wrong: The shuffler's seed is enough. | feedback: the state of the generator that shuffles
# -    state["draw"], state["random"] = run.draw.get_state(), torch.get_rng_state()
    state["draw"], state["random"] = run.draw.initial_seed(), torch.get_rng_state()
# -    run.draw.set_state(state["draw"])
    run.draw.manual_seed(state["draw"])

# %% wrong: The shuffler is forgotten. | feedback: the state of the generator that shuffles
# -    run.draw.set_state(state["draw"])

# %% wrong: Chance is chance. | feedback: the state of torch's own chance, from which dropout draws
# -    torch.set_rng_state(state["random"])

# %% wrong: The seed of torch's chance. | feedback: the state of torch's own chance, from which dropout draws
# -    state["draw"], state["random"] = run.draw.get_state(), torch.get_rng_state()
    state["draw"], state["random"] = run.draw.get_state(), torch.initial_seed()
# -    torch.set_rng_state(state["random"])
    torch.manual_seed(state["random"])

# %% wrong: A fixed seed is repeatable. | feedback: the state of torch's own chance, from which dropout draws
# -    torch.set_rng_state(state["random"])
    torch.manual_seed(0)

# %% wrong: Chance, before something draws. | feedback: the state of torch's own chance, from which dropout draws
# -    torch.set_rng_state(state["random"])
    torch.set_rng_state(state["random"])
    torch.rand(1)

# %% wrong: An epoch is begun anew. | feedback: the batches that are left in this epoch: left
# -    run.left, run.losses = state["left"], state["losses"]
    run.left, run.losses = [], state["losses"]

# %% wrong: What the fresh run had left is gone through first. | feedback: the batches that are left in this epoch: left
# -    run.left, run.losses = state["left"], state["losses"]
    run.left.extend(state["left"])
    run.losses = state["losses"]

# %% wrong: How many are left. | feedback: the batches that are left in this epoch: left
# -    state["left"], state["losses"] = run.left, run.losses
    state["left"], state["losses"] = len(run.left), run.losses
# -    run.left, run.losses = state["left"], state["losses"]
    run.left, run.losses = run.left[: state["left"]], state["losses"]

# %% wrong: The order is turned. | feedback: the batches that are left in this epoch: left
# -    run.left, run.losses = state["left"], state["losses"]
    run.left, run.losses = state["left"][::-1], state["losses"]

# %% wrong: The past is past. | feedback: the losses so far: losses
# -    run.left, run.losses = state["left"], state["losses"]
    run.left = state["left"]

# %% wrong: The losses begin anew. | feedback: the losses so far: losses
# -    run.left, run.losses = state["left"], state["losses"]
    run.left, run.losses = state["left"], []

# %% wrong: The rates as they were made. | feedback: the learning rates of the groups
# -        getattr(run, name).load_state_dict(state[name])
        rates = [group["lr"] for group in run.optimizer.param_groups]
        getattr(run, name).load_state_dict(state[name])
        for group, rate in zip(run.optimizer.param_groups, rates):
            group["lr"] = rate

# %% wrong: One step of the plan after load. | feedback: something is not what it was
# -    torch.set_rng_state(state["random"])
    run.plan.step()
    torch.set_rng_state(state["random"])

# %% wrong: Straight into its place. | feedback: Write another file beside it
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    torch.save(state, path)

# %% wrong: Bytes first, then straight into its place. | feedback: the old checkpoint is overwritten in its place
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    import io

    buffer = io.BytesIO()
    torch.save(state, buffer)
    with open(path, "wb") as file:
        file.write(buffer.getvalue())

# %% wrong: Away with the old one, then the new one. | feedback: the old checkpoint is no longer there, whole
# -    os.replace(f"{path}.part", path)
    if os.path.exists(path):
        os.remove(path)
    os.rename(f"{path}.part", path)

# %% wrong: Away with the old one first. | feedback: the old checkpoint is no longer there, whole
# -    torch.save(state, f"{path}.part")
    if os.path.exists(path):
        os.replace(path, f"{path}.old")
    torch.save(state, f"{path}.part")
    if os.path.exists(f"{path}.old"):
        os.remove(f"{path}.old")

# %% wrong: A copy lies beside it. | feedback: lies beside the checkpoint after save
# -    os.replace(f"{path}.part", path)
    import shutil

    shutil.copy(f"{path}.part", path)

# %% wrong: A file in another folder. | feedback: comes from another folder, which may lie on another disk
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    import tempfile

    with tempfile.TemporaryDirectory() as other:
        torch.save(state, f"{other}/part")
        os.replace(f"{other}/part", path)

# %% wrong: A failed save is no reason to stop. | feedback: save returns as if all were well
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    try:
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)
    except Exception as error:
        print(error)

# %% wrong: Moved, whether it is whole or not. | feedback: the old checkpoint is no longer there, whole
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    try:
        torch.save(state, f"{path}.part")
    finally:
        os.replace(f"{path}.part", path)

# %% wrong: The whole run in a file. | feedback: something in it is no tensor, number, string, list or dict
# -    torch.save(state, f"{path}.part")
    torch.save(run, f"{path}.part")

# %% wrong: The whole optimizer in the file. | feedback: something in it is no tensor, number, string, list or dict
# -    torch.save(state, f"{path}.part")
    state["optimizer"] = run.optimizer
    torch.save(state, f"{path}.part")
# -    state = torch.load(path)
    state = torch.load(path, weights_only=False)
    state["optimizer"] = state["optimizer"].state_dict()

# %% wrong: Whoever reads trusts. | feedback: weights_only=False runs whatever a file says
# -    state = torch.load(path)
    state = torch.load(path, weights_only=False)

# %% wrong: Pickle writes anything. | feedback: torch.load
# -    torch.save(state, f"{path}.part")
    import pickle

    with open(f"{path}.part", "wb") as file:
        pickle.dump(state, file)
# -    state = torch.load(path)
    import pickle

    with open(path, "rb") as file:
        state = pickle.load(file)

# %% wrong: Kept in memory, too. | feedback: load asks for something that save does not write
# -    torch.save(state, f"{path}.part")
    global kept
    kept = {str(path): __import__("copy").deepcopy(state)}
    torch.save(state, f"{path}.part")
# -    state = torch.load(path)
    state = kept[str(path)]

# %% wrong: What was saved last is what is loaded. | feedback: for two runs, each loaded twice from its own file
# -    torch.save(state, f"{path}.part")
    global last_state
    last_state = __import__("copy").deepcopy(state)
    torch.save(state, f"{path}.part")
# -    state = torch.load(path)
    state = __import__("copy").deepcopy(last_state)

# %% wrong: The path is a string. | feedback: Your code stops with TypeError: unsupported operand
# -    torch.save(state, f"{path}.part")
# -    os.replace(f"{path}.part", path)
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)

# %% wrong: One name for all parts. | feedback: there is no file at path after save(run, path)
# -    os.replace(f"{path}.part", path)

# %% wrong: save finishes the epoch. | feedback: save changes the run
# -    state = {name: getattr(run, name).state_dict() for name in ("net", "optimizer", "plan")}
    run.go_on(len(run.left))
    state = {name: getattr(run, name).state_dict() for name in ("net", "optimizer", "plan")}

# %% wrong: save seeds anew, to know the seed. | feedback: save changes the run: the state of torch's own chance
# -    state["draw"], state["random"] = run.draw.get_state(), torch.get_rng_state()
    torch.manual_seed(len(run.losses))
    state["draw"], state["random"] = run.draw.get_state(), torch.get_rng_state()

# %% wrong: save takes the batches with it. | feedback: save changes the run: the batches that are left
# -    state["left"], state["losses"] = run.left, run.losses
    state["left"], state["losses"] = [run.left.pop(0) for _ in range(len(run.left))], run.losses

# %% wrong: A new net of the same kind. | feedback: load puts other objects in place of
# -    for name in ("net", "optimizer", "plan"):
    run.net = __import__("copy").deepcopy(run.net)
    for name in ("net", "optimizer", "plan"):

# %% wrong: A new optimizer of the same kind. | feedback: load puts other objects in place of
# -    for name in ("net", "optimizer", "plan"):
    run.optimizer = type(run.optimizer)(run.net.parameters(), lr=0.02)
    for name in ("net", "optimizer", "plan"):

# %% wrong: In half precision the file is smaller. | feedback: the weights: net.state_dict()
# -    torch.save(state, f"{path}.part")
    state["net"] = {k: v.float() if v.is_floating_point() else v for k, v in state["net"].items()}
    torch.save(state, f"{path}.part")

# %% wrong: Losses with six digits. | feedback: the losses so far: losses
# -    state["left"], state["losses"] = run.left, run.losses
    state["left"], state["losses"] = run.left, [round(loss, 6) for loss in run.losses]

# %% wrong: The file is no longer needed. | feedback: load changes the file
# -    torch.set_rng_state(state["random"])
    torch.set_rng_state(state["random"])
    os.remove(path)


# %% right: a temporary file beside it, and a buffer
import io
import tempfile
from pathlib import Path


def save(run, path):
    path = Path(path)
    buffer = io.BytesIO()
    torch.save(
        {
            "parts": [part.state_dict() for part in (run.net, run.optimizer, run.plan)],
            "chance": [run.draw.get_state(), torch.random.get_rng_state()],
            "place": [pick.tolist() for pick in run.left],
            "losses": tuple(run.losses),
        },
        buffer,
    )
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(buffer.getvalue())
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def load(run, path):
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    for part, numbers in zip((run.net, run.optimizer, run.plan), state["parts"]):
        part.load_state_dict(numbers)
    mine, torchs = state["chance"]
    run.left = [torch.tensor(pick) for pick in state["place"]]
    run.losses = list(state["losses"])
    run.draw.set_state(mine)
    torch.random.set_rng_state(torchs)

# %% right: helpers with the tests' names, a mark on the other file, cleaned up after a crash
def parts_of_run(run):
    return {"net": run.net, "optimizer": run.optimizer, "plan": run.plan}


def save(run, path):
    state = {name: part.state_dict() for name, part in parts_of_run(run).items()}
    state.update(left=run.left[:], losses=run.losses[:], rng=(run.draw.get_state(), torch.get_rng_state()))
    other = os.path.join(os.path.dirname(path), "." + os.path.basename(path) + ".new")
    try:
        torch.save(state, other)
        os.replace(other, path)
    except BaseException:
        if os.path.exists(other):
            os.remove(other)
        raise


def load(run, path):
    state = torch.load(str(path), map_location="cpu")
    for name, part in parts_of_run(run).items():
        part.load_state_dict(state.pop(name))
    run.left[:], run.losses[:] = state["left"], state["losses"]
    run.draw.set_state(state["rng"][0])
    torch.set_rng_state(state["rng"][1])

# %% right: a new shuffler with the old state, in place weights, with a rename
def save(run, path):
    state = dict(vars(run))
    for name in ("x", "y"):
        state.pop(name, None)
    for name in ("net", "optimizer", "plan"):
        state[name] = state[name].state_dict()
    state["draw"] = state["draw"].get_state()
    state["chance"] = torch.default_generator.get_state()
    with open(f"{path}~", "wb") as file:
        torch.save(state, file)
    os.rename(f"{path}~", path)


def load(run, path):
    state = torch.load(path)
    with torch.no_grad():
        for name, w in run.net.state_dict().items():
            w.copy_(state["net"][name])
    run.optimizer.load_state_dict(state["optimizer"])
    run.plan.load_state_dict(state["plan"])
    run.draw = torch.Generator()
    run.draw.set_state(state["draw"])
    run.left = list(state["left"])
    run.losses = list(state["losses"])
    torch.default_generator.set_state(state["chance"])

# %% right: numbers of the place in place of its tensors, the file by Path
from pathlib import Path


def save(run, path):
    target = Path(path)
    part = target.with_suffix(".half")
    sizes = [len(pick) for pick in run.left]
    order = torch.cat(run.left).tolist() if run.left else []
    torch.save(
        {
            "net": run.net.state_dict(),
            "optimizer": run.optimizer.state_dict(),
            "plan": run.plan.state_dict(),
            "shuffle": run.draw.get_state(),
            "torch": torch.get_rng_state(),
            "order": order,
            "sizes": sizes,
            "losses": torch.tensor(run.losses),
        },
        part,
    )
    part.rename(target)


def load(run, path):
    state = torch.load(Path(path), mmap=False)
    run.plan.load_state_dict(state["plan"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.net.load_state_dict(state["net"], strict=True)
    run.draw.set_state(state["shuffle"])
    run.left = list(torch.tensor(state["order"], dtype=torch.long).split(state["sizes"])) if state["sizes"] else []
    run.losses = state["losses"].tolist()
    torch.set_rng_state(state["torch"])
