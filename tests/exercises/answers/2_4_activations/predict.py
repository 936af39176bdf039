# %% wrong: A ReLU makes a number positive. | feedback: A ReLU gives zeros
# -        return F.softplus(z)
        return torch.relu(z)

# %% wrong: An exponential is positive, too. | feedback: softplus was asked for
# -        return F.softplus(z)
        return torch.exp(z)

# %% wrong: A network ends in a bend. | feedback: a ReLU forbids every negative answer
# -        return z
        return torch.relu(z)

# %% wrong: Probabilities are a softmax. | feedback: They are independent
# -        return torch.sigmoid(z)
        return torch.softmax(z, dim=1)

# %% wrong: A probability for each class is a sigmoid for each class. | feedback: the rows do not sum to 1
# -    return torch.softmax(z, dim=1)
    return torch.sigmoid(z)

# %% wrong: The classes lie along the first axis. | feedback: the columns sum to 1
# -    return torch.softmax(z, dim=1)
    return torch.softmax(z, dim=0)

# %% wrong: The whole batch shares one probability. | feedback: all entries together sum to 1
# -    return torch.softmax(z, dim=1)
    return torch.softmax(z.flatten(), dim=0).view(z.shape)

# %% wrong: The loss takes logarithms, so does the user. | feedback: that is the logarithm of the probabilities
# -    return torch.softmax(z, dim=1)
    return torch.log_softmax(z, dim=1)

# %% wrong: A share lies between −1 and 1. | feedback: that lies between −1 and 1
# -        return torch.sigmoid(z)
        return torch.tanh(z)

# %% wrong: tanh, moved up and halved, is the sigmoid. | feedback: tanh squeezes twice as hard
# -        return torch.sigmoid(z)
        return (torch.tanh(z) + 1) / 2

# %% wrong: A softmax by hand needs no care. | feedback: Use torch's own functions
# -    return torch.softmax(z, dim=1)
    e = torch.exp(z)
    return e / e.sum(dim=1, keepdim=True)

# %% wrong: A user wants the class. | feedback: returns the shape
# -    return torch.softmax(z, dim=1)
    return torch.softmax(z, dim=1).argmax(dim=1)

# %% wrong: Sigmoids that are divided by their sum are a softmax. | feedback: a softmax divides exponentials
# -    return torch.softmax(z, dim=1)
    a = torch.sigmoid(z)
    return a / a.sum(dim=1, keepdim=True)

# %% right: a table of functions
def predict(kind, z):
    return {
        "number": lambda: z.clone(),
        "positive": lambda: z.clamp(min=0) + torch.log1p(torch.exp(-z.abs())),
        "share": lambda: 0.5 * (1 + torch.tanh(z / 2)),
        "classes": lambda: torch.exp(z - z.logsumexp(dim=-1, keepdim=True)),
    }[kind]()

# %% right: with match
def predict(kind, z):
    match kind:
        case "number":
            return z
        case "positive":
            return nn.Softplus()(z)
        case "share":
            return nn.Sigmoid()(z)
        case "classes":
            return nn.Softmax(dim=1)(z)

# %% wrong: The logarithm of 1 + e. | feedback: 1 + e rounds a small e away
# -        return F.softplus(z)
        return z.clamp(min=0) + torch.log(1 + torch.exp(-z.abs()))
