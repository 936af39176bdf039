def train(w, x, y, optimizer, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.mse_loss(w * x, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
