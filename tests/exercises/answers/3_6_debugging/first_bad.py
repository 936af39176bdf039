# %% wrong: The sum tells of the inputs. | feedback: its inputs are finite, each entry
# -            clean = all(one.isfinite().all() for one in inputs)
            clean = all(one.sum().isfinite() for one in inputs)

# %% wrong: In eval mode, and back. | feedback: in the mode that net is in
# -        net(x)
        mode = net.training
        net.eval()
        net(x)
        net.train(mode)

# %% wrong: forward is the net. | feedback: for a net with a hook that puts 0 where x has a nan
# -        net(x)
        answer = net.forward(x)
        if x.isfinite().all() and not answer.isfinite().all():
            found.append("")

# %% wrong: In the order in which they are called first. | feedback: another one answered earlier
# -            if clean and not output.isfinite().all():
# -                found.append(name)
            called.setdefault(name, False)
            called[name] |= bool(clean and not output.isfinite().all())
# -    found = []
    called = {}
# -    return found[0] if found else None
    return next((name for name, bad in called.items() if bad), None)

# %% wrong: The first bad answer counts. | feedback: what came in was not finite there already
# -            if clean and not output.isfinite().all():
            if not output.isfinite().all():

# %% wrong: The last one found. | feedback: It returns before the one that holds it
# -    return found[0] if found else None
    return found[-1] if found else None

# %% wrong: Something is always found. | feedback: Nothing may be bad at all: then return None
# -    return found[0] if found else None
    return found[0]

# %% wrong: Only nan is bad. | feedback: inf is not finite either
# -            clean = all(one.isfinite().all() for one in inputs)
# -            if clean and not output.isfinite().all():
            clean = not any(one.isnan().any() for one in inputs)
            if clean and output.isnan().any():

# %% wrong: Only inf is bad. | feedback: inf counts, and one is enough
# -            if clean and not output.isfinite().all():
            if clean and output.isinf().any():

# %% wrong: All entries must be bad. | feedback: inf counts, and one is enough
# -            if clean and not output.isfinite().all():
            if clean and not output.isfinite().any():

# %% wrong: One good entry makes an input clean. | feedback: what came in was not finite there already
# -            clean = all(one.isfinite().all() for one in inputs)
            clean = all(one.isfinite().any() for one in inputs)

# %% wrong: The sum tells. | feedback: The sum of large numbers may not be
# -            if clean and not output.isfinite().all():
            if clean and not output.sum().isfinite():

# %% wrong: The norm tells. | feedback: The sum of large numbers may not be
# -            if clean and not output.isfinite().all():
            if clean and not output.double().norm().isfinite():

# %% wrong: The first input tells. | feedback: one of its inputs was not finite. All of them must be
# -            clean = all(one.isfinite().all() for one in inputs)
            clean = inputs[0].isfinite().all()

# %% wrong: One clean input is enough. | feedback: one of its inputs was not finite. All of them must be
# -            clean = all(one.isfinite().all() for one in inputs)
            clean = any(one.isfinite().all() for one in inputs)

# %% wrong: The inputs are one tensor. | feedback: A hook gets its layer's inputs as a tuple
# -            clean = all(one.isfinite().all() for one in inputs)
            clean = inputs.isfinite().all()

# %% wrong: The children are the layers. | feedback: It returns before the one that holds it
# -        for name, layer in net.named_modules():
        for name, layer in net.named_children():

# %% wrong: Each child, and the net. | feedback: It returns before the one that holds it
# -        for name, layer in net.named_modules():
        for name, layer in [*net.named_children(), ("", net)]:

# %% wrong: Only layers without layers compute. | feedback: a layer that holds others may compute, too
# -        for name, layer in net.named_modules():
        for name, layer in net.named_modules():
            if list(layer.children()):
                continue

# %% wrong: The net is no layer. | feedback: net itself is a layer, too
# -        for name, layer in net.named_modules():
        for name, layer in net.named_modules():
            if name == "":
                continue

# %% wrong: An empty name is none. | feedback: net itself is a layer, too
# -    return found[0] if found else None
    return found[0] or None if found else None

# %% wrong: The class is the name. | feedback: that is its class. Return its name
# -                found.append(name)
                found.append(type(layer).__name__)

# %% wrong: The layer itself. | feedback: Return the layer's name
# -                found.append(name)
                found.append(layer)

# %% wrong: Its number in the order. | feedback: of the type int. Return the layer's name
# -    return found[0] if found else None
    return [name for name, _ in net.named_modules()].index(found[0]) if found else None

# %% wrong: All names, in a list. | feedback: of the type list. Return the layer's name
# -    return found[0] if found else None
    return found or None

# %% wrong: An empty string for nothing. | feedback: each layer's answer is finite
# -    return found[0] if found else None
    return found[0] if found else ""

# %% wrong: The order of the names is the order. | feedback: What counts is the order in which layers return
# -    return found[0] if found else None
    inner = [name for name, layer in net.named_modules() if not list(layer.children())]
    order = inner + [name for name, layer in reversed(list(net.named_modules())) if name not in inner]
    return min(found, key=order.index) if found else None

# %% wrong: Only the first call of a layer counts. | feedback: one bad answer is enough
# -    found = []
    found, seen = [], set()
# -            clean = all(one.isfinite().all() for one in inputs)
            if name in seen:
                return
            seen.add(name)
            clean = all(one.isfinite().all() for one in inputs)

# %% wrong: Only the last call of a layer counts. | feedback: one bad answer is enough
# -                found.append(name)
                found.append(name)
            elif name in found:
                found.remove(name)

# %% wrong: Hooks may stay. | feedback: your hooks are still there afterwards
# -            handle.remove()
            pass

# %% wrong: Removed if all goes well. | feedback: your hooks are still there afterwards
# -    try:
# -        for name, layer in net.named_modules():
# -            handles.append(watch(name, layer))
# -        net(x)
# -    finally:
# -        for handle in handles:
# -            handle.remove()
    for name, layer in net.named_modules():
        handles.append(watch(name, layer))
    net(x)
    for handle in handles:
        handle.remove()

# %% wrong: The last hook is removed. | feedback: your hooks are still there afterwards
# -        for handle in handles:
# -            handle.remove()
        handles[-1].remove()

# %% wrong: All hooks are removed. | feedback: a hook is gone that was there before, and not yours
# -        for handle in handles:
# -            handle.remove()
        for layer in net.modules():
            layer._forward_hooks.clear()

# %% wrong: An exception is no business of ours. | feedback: Let the exception pass
# -        net(x)
# -    finally:
        net(x)
    except Exception:
        pass
    finally:

# %% wrong: A return in finally. | feedback: Let the exception pass
# -        for handle in handles:
# -            handle.remove()
# -    return found[0] if found else None
        for handle in handles:
            handle.remove()
        return found[0] if found else None

# %% wrong: A hook raises, and nobody catches. | feedback: What you raise inside of a hook must be caught by you
# -                found.append(name)
                raise FloatingPointError(f"{name} {type(layer).__name__}: here")

# %% wrong: Layer by layer, by hand. | feedback: A layer is called with other inputs than net calls it with
def first_bad(net, x):
    for name, layer in net.named_modules():
        if not list(layer.children()):
            y = layer(x)
            if x.isfinite().all() and not y.isfinite().all():
                return name
            x = y
    return None

# %% wrong: Called twice, to be sure. | feedback: a layer was called 2 times. Call net(x) once
# -        net(x)
        net(x)
        net(x)

# %% wrong: In eval mode. | feedback: train or eval mode has changed
# -    found = []
    found = []
    net.eval()

# %% wrong: Weights are looked at. | feedback: you return None, not '2'
def first_bad(net, x):
    for name, layer in net.named_modules():
        if not all(p.isfinite().all() for p in layer.parameters(recurse=False)):
            return name
    return None

# %% wrong: A name without its parents. | feedback: there is no layer of that name
# -                found.append(name)
                found.append(name.split(".")[-1])

# %% wrong: The layer after which it is bad. | feedback: its input was not finite already
# -            if clean and not output.isfinite().all():
            if not clean and output.isfinite().all() == False and not list(layer.children()):

# %% wrong: The input is mended first. | feedback: Your function changed
# -    found = []
    found = []
    x.nan_to_num_(0.0)

# %% wrong: A bad input is nobody's, so no search. | feedback: you return None, not
# -    found = []
    if not x.isfinite().all():
        return None
    found = []


# %% right: stops as soon as it knows, with an exception of its own
class Found(Exception):
    pass


def first_bad(net, x):
    handles = []

    def stop(name, layer, inputs, output):
        if all(a.isfinite().all() for a in inputs) and not output.isfinite().all():
            raise Found(name)

    from functools import partial

    for name, layer in net.named_modules():
        handles.append(layer.register_forward_hook(partial(stop, name)))
    try:
        net(x)
    except Found as error:
        return error.args[0]
    finally:
        for handle in handles:
            handle.remove()
    return None

# %% right: one hook for all modules there are
def first_bad(net, x):
    names = {layer: name for name, layer in net.named_modules()}
    answer = None

    def look(layer, inputs, output):
        nonlocal answer
        if answer is None and layer in names:
            if not output.isfinite().all() and all(torch.isfinite(a).all() for a in inputs):
                answer = names[layer]

    handle = nn.modules.module.register_module_forward_hook(look)
    try:
        with torch.no_grad():
            net(x)
    finally:
        handle.remove()
    return answer

# %% right: an ExitStack, and sums of absolute differences
from contextlib import ExitStack


def finite(*tensors):
    return not any((t != t).any() or (t.abs() == math.inf).any() for t in tensors)


def first_bad(net, x):
    seen = []
    with ExitStack() as stack:
        for name, layer in net.named_modules():
            hook = lambda layer, inputs, out, name=name: seen.append((name, finite(*inputs), finite(out)))
            stack.callback(layer.register_forward_hook(hook).remove)
        net(x)
    return next((name for name, clean, good in seen if clean and not good), None)

# %% right: hooks before and after each layer
def first_bad(net, x):
    handles, asked, bad = [], [], []

    def before(layer, inputs):
        asked.append(all(bool(one.isfinite().all()) for one in inputs))

    def after(name):
        def hook(layer, inputs, output):
            if asked.pop() and not bool(output.isfinite().all()):
                bad.append(name)

        return hook

    try:
        for name, layer in net.named_modules():
            handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after(name))]
        net(x)
    finally:
        [handle.remove() for handle in handles]
    return (bad + [None])[0]

# %% right: hooks that know the keywords, too, and a dict of what was seen
def first_bad(net, x):
    first = {}

    def make(name):
        def hook(layer, args, kwargs, output):
            sound = [torch.isfinite(one).all().item() for one in (*args, output)]
            if all(sound[:-1]) and not sound[-1]:
                first.setdefault("name", name)

        return hook

    with_handles = [m.register_forward_hook(make(n), with_kwargs=True) for n, m in net.named_modules()]
    try:
        net(x)
    finally:
        while with_handles:
            with_handles.pop().remove()
    return first.get("name")
