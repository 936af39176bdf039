# %% wrong: backward goes from the first to the last, too. | feedback: calls the layers in the wrong order
# -        for layer in reversed(self.layers):
        for layer in self.layers:

# %% wrong: The reversed list is made once. | feedback: used up after one walk
# -        self.layers = layers
        self.layers = layers
        self.back = reversed(layers)
# -        for layer in reversed(self.layers):
        for layer in self.back:

# %% wrong: The list is turned round in place. | feedback: turns the list itself
# -        for layer in reversed(self.layers):
        self.layers.reverse()
        for layer in self.layers:

# %% wrong: Each layer gets x. | feedback: each layer got x itself
# -        for layer in self.layers:
# -            x = layer.forward(x)
# -        return x
        for layer in self.layers:
            out = layer.forward(x)
        return out

# %% wrong: The return belongs into the loop. | feedback: With 3 layers, forward calls 1 of them
# -            x = layer.forward(x)
# -        return x
            x = layer.forward(x)
            return x

# %% wrong: parameters() is a list of the layers' lists. | feedback: a list of lists
# -        return [p for layer in self.layers for p in layer.parameters()]
        return [layer.parameters() for layer in self.layers]

# %% wrong: The parameters are collected at the start. | feedback: still lists the old one
# -        self.layers = layers
        self.layers = layers
        self.found = [p for layer in layers for p in layer.parameters()]
# -        return [p for layer in self.layers for p in layer.parameters()]
        return self.found

# %% wrong: The parameters are handed out as copies. | feedback: own tensors, not copies
# -        return [p for layer in self.layers for p in layer.parameters()]
        return [p.clone() for layer in self.layers for p in layer.parameters()]

# %% wrong: The list of parameters grows with each call. | feedback: Called a second time
# -        self.layers = layers
        self.layers = layers
        self.found = []
# -        return [p for layer in self.layers for p in layer.parameters()]
        for layer in self.layers:
            self.found += layer.parameters()
        return self.found

# %% wrong: parameters() may be a generator. | feedback: must return a list
# -        return [p for layer in self.layers for p in layer.parameters()]
        return (p for layer in self.layers for p in layer.parameters())

# %% wrong: backward first runs forward again, to be sure of the notes. | feedback: calls forward of a layer, too
# -        for layer in reversed(self.layers):
# -            dz = layer.backward(dz)
        for layer in self.layers:
            layer.forward(dz)
        for layer in reversed(self.layers):
            dz = layer.backward(dz)

# %% wrong: backward has nothing to return. | feedback: What backward returns is None
# -            dz = layer.backward(dz)
# -        return dz
            dz = layer.backward(dz)

# %% wrong: The layers belong to the class. | feedback: Do all Networks share one list
class Network:
    layers = []

    def __init__(self, layers):
        Network.layers = layers

    def forward(self, x):
        for layer in Network.layers:
            x = layer.forward(x)
        return x

    def backward(self, dz):
        for layer in Network.layers[::-1]:
            dz = layer.backward(dz)
        return dz

    def parameters(self):
        return sum((layer.parameters() for layer in Network.layers), [])

# %% right: slices, a sum of lists, reduce
import functools


class Network:
    def __init__(self, layers):
        self.stack = tuple(layers)

    def forward(self, x):
        return functools.reduce(lambda value, layer: layer.forward(value), self.stack, x)

    def backward(self, dz):
        return functools.reduce(lambda value, layer: layer.backward(value), self.stack[::-1], dz)

    def parameters(self):
        return sum((list(layer.parameters()) for layer in self.stack), [])

# %% right: by index, with a helper named called
def called(layers, method, value):
    for k in range(len(layers)):
        value = getattr(layers[k], method)(value)
    return value


class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        return called(self.layers, "forward", x)

    def backward(self, dz):
        return called(self.layers[::-1], "backward", dz)

    def parameters(self):
        found = []
        for layer in self.layers:
            found.extend(layer.parameters())
        return found

# %% wrong: The first layer's list may grow. | feedback: the list that a layer returned, which is the layer's own
# -        return [p for layer in self.layers for p in layer.parameters()]
        out = self.layers[0].parameters()
        for layer in self.layers[1:]:
            out += layer.parameters()
        return out

# %% wrong: The inner loop comes first. | feedback: the outer one stands first
# -        return [p for layer in self.layers for p in layer.parameters()]
        return [p for p in layer.parameters() for layer in self.layers]

# %% wrong: A network has three layers. | feedback: The list has another length than your code takes for granted
# -        for layer in self.layers:
# -            x = layer.forward(x)
# -        return x
        a, b, c = self.layers
        return c.forward(b.forward(a.forward(x)))
