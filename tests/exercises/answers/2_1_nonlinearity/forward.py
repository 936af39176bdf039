# %% wrong: Layers need nothing between them. | feedback: Is the ReLU missing, or does it come before the bias?
# -        x = torch.relu(x @ W + b)
        x = x @ W + b

# %% wrong: Each layer ends with a ReLU. | feedback: there is a ReLU after the last layer
def forward(x, layers):
    for W, b in layers:
        x = torch.relu(x @ W + b)
    return x

# %% wrong: The ReLU cuts off before the bias. | feedback: or does it come before the bias?
# -        x = torch.relu(x @ W + b)
        x = torch.relu(x @ W) + b

# %% wrong: The hidden layer is the first one only. | feedback: after the first layer only
def forward(x, layers):
    for number, (W, b) in enumerate(layers):
        x = x @ W + b
        if number == 0 and len(layers) > 1:
            x = torch.relu(x)
    return x

# %% wrong: A ReLU takes the size. | feedback: that is the absolute value
# -        x = torch.relu(x @ W + b)
        x = (x @ W + b).abs()

# %% wrong: The output has no bias. | feedback: does the last layer's bias come in?
# -    return x @ W + b
    return x @ W

# %% wrong: Any bend will do. | feedback: the output
# -        x = torch.relu(x @ W + b)
        x = torch.tanh(x @ W + b)

# %% wrong: The ReLU comes before the layer. | feedback: the ReLU comes before the layer. It comes after
def forward(x, layers):
    for W, b in layers:
        x = torch.relu(x) @ W + b
    return x

# %% wrong: There are two layers. | feedback: There is no such layer in the list
def forward(x, layers):
    (W1, b1), (W2, b2) = layers[0], layers[1]
    return torch.relu(x @ W1 + b1) @ W2 + b2

# %% wrong: One output for each example is a vector. | feedback: A row for each example
# -    return x @ W + b
    return (x @ W + b).flatten()

# %% wrong: Weights stand left of the examples. | feedback: print them
# -        x = torch.relu(x @ W + b)
        x = torch.relu((W.T @ x.T + b).T)

# %% wrong: What is negative can be cut off in place. | feedback: Your function changed its input
def forward(x, layers):
    for W, b in layers[:-1]:
        x = x @ W + b
        b += 0.5
        x = torch.relu(x)
    W, b = layers[-1]
    return x @ W + b

# %% right: clamps
# -        x = torch.relu(x @ W + b)
        x = (x @ W + b).clamp(min=0)

# %% right: with nn
def forward(x, layers):
    parts = []
    for W, b in layers:
        linear = torch.nn.Linear(*W.shape)
        linear.weight.data, linear.bias.data = W.T.clone(), b.flatten().clone()
        parts += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*parts[:-1])(x).detach()

# %% right: calls itself
def forward(x, layers):
    (W, b), *rest = layers
    z = x @ W + b
    return forward(torch.maximum(z, torch.zeros_like(z)), rest) if rest else z

# %% right: a helper named passed
def passed(x, layer, network=torch.relu):
    W, b = layer
    return network(x.matmul(W).add(b))


def forward(x, layers):
    torch.set_grad_enabled(False)
    for layer in layers[: len(layers) - 1]:
        x = passed(x, layer)
    return passed(x, layers[-1], network=lambda z: z)

# %% wrong: The batch is one example. | feedback: A row for each example
# -    return x @ W + b
    return (x @ W + b)[:1]

# %% wrong: There are two layers, no more and no fewer. | feedback: The list has another length than your code takes for granted
def forward(x, layers):
    (W1, b1), (W2, b2) = layers
    return torch.relu(x @ W1 + b1) @ W2 + b2
