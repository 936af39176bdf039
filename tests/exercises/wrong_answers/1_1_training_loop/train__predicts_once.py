# misconception: The record of one prediction can be played back in every round.
# feedback: A record can be played back once


def train(w, x, y, optimizer, steps):
    losses = []
    prediction = w * x
    loss = ((prediction - y) ** 2).mean()
    for _ in range(steps):
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses
