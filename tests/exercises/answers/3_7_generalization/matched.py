# %% wrong: Nothing is renumbered. | feedback: nothing is renumbered
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [v.clone() for v in net]

# %% wrong: The pairs least alike. | feedback: these are the pairs least alike: maximize=True
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    _, order = linear_sum_assignment(alike.numpy())

# %% wrong: The order upside down. | feedback: the order is upside down
# -    return [W[order], b[order], V[:, order], c.clone()]
    order = torch.as_tensor(order).argsort()
    return [W[order], b[order], V[:, order], c.clone()]

# %% wrong: Rows and columns of A swapped. | feedback: the order is upside down
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = (U @ W.T + torch.outer(a, b) + S.T @ V).T

# %% wrong: The rows are taken for the order. | feedback: nothing is renumbered
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order, _ = linear_sum_assignment(alike.numpy(), maximize=True)

# %% wrong: Only what enters. | feedback: it is as if not all of W, b and V counted
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T + torch.outer(a, b)

# %% wrong: Only what leaves. | feedback: it is as if not all of W, b and V counted
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = S.T @ V

# %% wrong: Only W. | feedback: it is as if not all of W, b and V counted
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T

# %% wrong: Without the biases. | feedback: it is as if not all of W, b and V counted
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T + S.T @ V

# %% wrong: Only the biases. | feedback: it is as if not all of W, b and V counted
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = torch.outer(a, b)

# %% wrong: Biases added, not multiplied. | feedback: there is a renumbering that lies nearer
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T + 3 * a[:, None] * b**3 + S.T @ V

# %% wrong: Each takes the one most alike, taken or not. | feedback: is no renumbering of net's
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order = alike.argmax(dim=1)

# %% wrong: In turn, each takes the best that is left. | feedback: taking in turn the best that is left
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order = []
    for row in alike:
        row = row.clone()
        row[order] = -math.inf
        order.append(row.argmax().item())

# %% wrong: The best pair first, then the next. | feedback: taking the best pair first is not the best pairing
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order = [0] * len(b)
    for _ in range(len(b)):
        i, j = divmod(alike.argmax().item(), len(b))
        order[i] = j
        alike[i], alike[:, j] = -math.inf, -math.inf

# %% wrong: Angles. | feedback: it is not the angle that counts
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    one = torch.cat([U, a[:, None], S.T], dim=1)
    two = torch.cat([W, b[:, None], V.T], dim=1)
    alike = (one / one.norm(dim=1, keepdim=True)) @ (two / two.norm(dim=1, keepdim=True)).T

# %% wrong: Without a sign. | feedback: an inner product has a sign: no abs()
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = (U @ W.T + torch.outer(a, b) + S.T @ V).abs()

# %% wrong: Distances, not their squares. | feedback: the squares of the distances add up, not the distances
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    one = torch.cat([U, a[:, None], S.T], dim=1)
    two = torch.cat([W, b[:, None], V.T], dim=1)
    alike = -torch.cdist(one, two)

# %% wrong: Sorted by size. | feedback: units were sorted by size
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    one = torch.cat([U, a[:, None], S.T], dim=1).norm(dim=1)
    two = torch.cat([W, b[:, None], V.T], dim=1).norm(dim=1)
    order = two.argsort()[one.argsort().argsort()]

# %% wrong: V is forgotten. | feedback: V is as it was
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V.clone(), c.clone()]

# %% wrong: b is forgotten. | feedback: b is as it was
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b.clone(), V[:, order], c.clone()]

# %% wrong: W is forgotten. | feedback: W is as it was
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W.clone(), b[order], V[:, order], c.clone()]

# %% wrong: What leaves goes the other way. | feedback: All that belongs to a unit moves with it
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V[:, torch.as_tensor(order).argsort()], c.clone()]

# %% wrong: The rows of V. | feedback: An index belongs to a hidden unit
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V[order], c.clone()]

# %% wrong: The columns of W. | feedback: An index belongs to a hidden unit
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[:, order], b[order], V[:, order], c.clone()]

# %% wrong: The last bias, too. | feedback: An index belongs to a hidden unit
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V[:, order], c[order]]

# %% wrong: The other network comes back. | feedback: c has changed
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [U[order], a[order], S[:, order], like[3]]

# %% wrong: The other network, with net's last bias. | feedback: is no renumbering of net's
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [U, a, S, c.clone()]

# %% wrong: The last bias of the other. | feedback: c has changed
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V[:, order], like[3].clone()]

# %% wrong: Scaled, to lie nearer. | feedback: is no renumbering of net's
# -    return [W[order], b[order], V[:, order], c.clone()]
    k = 1.1
    return [k * W[order], k * b[order], V[:, order] / k, c.clone()]

# %% wrong: Halfway to the other. | feedback: is no renumbering of net's
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [0.5 * (W[order] + U), 0.5 * (b[order] + a), 0.5 * (V[:, order] + S), c.clone()]

# %% wrong: In place. | feedback: Your function changed its input number 1
# -    return [W[order], b[order], V[:, order], c.clone()]
    W.copy_(W[order])
    b.copy_(b[order])
    V.copy_(V[:, order])
    return [W, b, V, c]

# %% wrong: The list itself is changed. | feedback: Your function changed its input number 1
# -    return [W[order], b[order], V[:, order], c.clone()]
    net[:3] = [W[order], b[order], V[:, order]]
    return net

# %% wrong: Nothing comes back. | feedback: you return None
# -    return [W[order], b[order], V[:, order], c.clone()]
    net = [W[order], b[order], V[:, order], c.clone()]

# %% wrong: The order alone. | feedback: return a list of four
# -    return [W[order], b[order], V[:, order], c.clone()]
    return order

# %% wrong: Three tensors. | feedback: return a list of four
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [W[order], b[order], V[:, order]]

# %% wrong: Arrays come back. | feedback: must be a tensor, not ndarray
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [v.numpy() for v in (W[order], b[order], V[:, order], c)]

# %% wrong: float32. | feedback: is float32
# -    return [W[order], b[order], V[:, order], c.clone()]
    return [v.float() for v in (W[order], b[order], V[:, order], c)]

# %% wrong: Rounded products. | feedback: there is a renumbering that lies nearer
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    _, order = linear_sum_assignment(alike.round().numpy(), maximize=True)

# %% wrong: Two neighbours at a time. | feedback: there is a renumbering that lies nearer
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order = list(range(len(b)))
    for i in range(len(b) - 1):
        j = i + 1
        now, then = alike[i, order[i]] + alike[j, order[j]], alike[i, order[j]] + alike[j, order[i]]
        if then > now:
            order[i], order[j] = order[j], order[i]

# %% wrong: Any two, until no exchange gains. | feedback: the squared distance is
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order, A, better = list(range(len(b))), alike.tolist(), True
    while better:
        better = False
        for i in range(len(b)):
            for j in range(i):
                now, then = A[i][order[i]] + A[j][order[j]], A[i][order[j]] + A[j][order[i]]
                if then > now + 1e-12:
                    order[i], order[j], better = order[j], order[i], True

# %% wrong: What enters is paired, and what leaves by itself. | feedback: All that belongs to a unit moves with it
# -    return [W[order], b[order], V[:, order], c.clone()]
    _, leaving = linear_sum_assignment((S.T @ V).numpy(), maximize=True)
    return [W[order], b[order], V[:, leaving], c.clone()]

# %% wrong: A thousand orders by lot. | feedback: A test that you have not seen
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    g, rows = torch.Generator().manual_seed(0), torch.arange(len(b))
    tried = [torch.randperm(len(b), generator=g) for _ in range(1000)]
    order = max(tried, key=lambda order: alike[rows, order].sum().item())

# %% wrong: Answers to some inputs in place of weights. | feedback: the squared distance is
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    x = torch.randn(50, W.shape[1], generator=torch.Generator().manual_seed(0))
    alike = (x @ U.T + a).relu().T @ (x @ W.T + b).relu()

# %% wrong: The last bias has a unit, too. | feedback: Two shapes do not fit
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T + torch.outer(a, b) + S @ V.T

# %% wrong: Products in whole hundredths. | feedback: there is a renumbering that lies nearer
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    _, order = linear_sum_assignment(alike.round(decimals=2).numpy(), maximize=True)

# %% wrong: Products in millionths. | feedback: A test that you have not seen
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    _, order = linear_sum_assignment(alike.round(decimals=5).numpy(), maximize=True)

# %% wrong: W counts twice. | feedback: W, b and V count alike
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = 2 * U @ W.T + torch.outer(a, b) + S.T @ V

# %% wrong: V counts twice. | feedback: W, b and V count alike
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = U @ W.T + torch.outer(a, b) + 2 * S.T @ V

# %% wrong: Any two units change places, once around. | feedback: there is a renumbering that lies nearer
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    order = list(range(len(b)))
    for i in range(len(b)):
        for j in range(i + 1, len(b)):
            now, then = alike[i, order[i]] + alike[j, order[j]], alike[i, order[j]] + alike[j, order[i]]
            if then > now:
                order[i], order[j] = order[j], order[i]

# %% wrong: Seeded before it pairs. | feedback: torch's own chance
# -    W, b, V, c = net
    torch.manual_seed(0)
    W, b, V, c = net

# %% right: one matrix of units, and squared distances
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    mine = torch.cat([W, b[:, None], V.T], dim=1)
    theirs = torch.cat([U, a[:, None], S.T], dim=1)
    far = (theirs[:, None, :] - mine[None, :, :]).square().sum(dim=2)
    _, order = linear_sum_assignment(far.numpy())

# %% right: rows of net, columns of like; the order from the inverse
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
# -    _, order = linear_sum_assignment(alike.numpy(), maximize=True)
    alike = W @ U.T + torch.outer(b, a) + V.T @ S
    rows, columns = linear_sum_assignment(-alike)
    order = torch.empty(len(b), dtype=torch.long)
    order[columns] = torch.as_tensor(rows)

# %% right: a matrix of zeros and ones does it
# -    return [W[order], b[order], V[:, order], c.clone()]
    P = torch.eye(len(b))[order]
    return P @ W, P @ b, V @ P.T, c

# %% right: a helper that bears the name of ours
# -def matched(net, like):
def renumbered(net, order):
    W, b, V, c = net
    return [W[order], b[order], V.index_select(1, order), c]


def matched(net, like):
# -    return [W[order], b[order], V[:, order], c.clone()]
    return renumbered(net, torch.tensor(order))

# %% right: a loop over units, einsum
# -    alike = U @ W.T + torch.outer(a, b) + S.T @ V
    alike = torch.einsum("ik,jk->ij", U, W) + torch.einsum("i,j->ij", a, b)
    for i in range(len(a)):
        for j in range(len(b)):
            alike[i, j] += S[:, i] @ V[:, j]

# %% right: in place, on copies; pairs swapped until nothing gains, from SciPy's order
# -    return [W[order], b[order], V[:, order], c.clone()]
    new = [v.clone() for v in net]
    for place, unit in enumerate(order):
        new[0][place], new[1][place], new[2][:, place] = W[unit], b[unit], V[:, unit]
    return new
