# differs: torch's DataLoader does the work


def minibatches(x, y, size, generator):
    data = torch.utils.data.TensorDataset(x, y)
    return torch.utils.data.DataLoader(data, batch_size=size, shuffle=True, generator=generator)
