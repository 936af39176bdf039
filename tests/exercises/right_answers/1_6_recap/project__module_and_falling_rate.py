# differs: nn.Linear, a DataLoader, a rate that falls, no validation


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    model = torch.nn.Linear(x.shape[1], 1)
    with torch.no_grad():
        model.weight.zero_(), model.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
    data = torch.utils.data.TensorDataset((x - m) / s, y, c)
    loader = torch.utils.data.DataLoader(
        data, batch_size=20, shuffle=True, generator=torch.Generator().manual_seed(seed)
    )
    for epoch in range(60):
        if epoch == 40:
            optimizer.param_groups[0]["lr"] = 0.005
        for inputs, answers, counts in loader:
            loss = (counts * (model(inputs) - answers) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return lambda x_new: model((x_new - m) / s).detach()
