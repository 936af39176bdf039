# %% wrong: The rival is not tuned. | feedback: the first rate is taken, and not the best
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[scores.index(min(scores))] if name == mine else tried[0]

# %% wrong: Nobody is tuned. | feedback: the middle rate is taken, and not the best
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[len(tried) // 2]

# %% wrong: The worst rate. | feedback: the highest loss was taken
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
# -        best[name] = tried[scores.index(min(scores))]
        scores = [-math.inf if math.isnan(score) else score for score in scores]
        best[name] = tried[scores.index(max(scores))]

# %% wrong: The best single run. | feedback: not the lowest single loss
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = []
        for rate in tried:
            losses = [run(name, rate, seed) for seed in tuning]
            scores.append(math.nan if any(map(math.isnan, losses)) else min(losses))

# %% wrong: The best worst run. | feedback: not the best worst run
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = []
        for rate in tried:
            losses = [run(name, rate, seed) for seed in tuning]
            scores.append(math.nan if any(map(math.isnan, losses)) else max(losses))

# %% wrong: The median tunes. | feedback: not the lowest median
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = []
        for rate in tried:
            losses = torch.tensor([run(name, rate, seed) for seed in tuning])
            scores.append(losses.quantile(0.5).item())

# %% wrong: One seed tunes. | feedback: You take the first one
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [[run(name, rate, seed) for seed in tuning][0] for rate in tried]

# %% wrong: The last seed tunes. | feedback: You take the last one
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [[run(name, rate, seed) for seed in tuning][-1] for rate in tried]

# %% wrong: One tuning seed is enough. | feedback: all tuning seeds tune: their mean
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [run(name, rate, tuning[0]) for rate in tried]

# %% wrong: Of equals, the last. | feedback: of equals take the first
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[max(k for k, score in enumerate(scores) if score == min(scores))]

# %% wrong: nan is left in the list. | feedback: nan < 1 and 1 < nan are both False
# -        scores = [math.inf if math.isnan(score) else score for score in scores]

# %% wrong: Runs that died do not count. | feedback: a rate with which a run died (nan) is out
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = []
        for rate in tried:
            losses = [run(name, rate, seed) for seed in tuning]
            alive = [loss for loss in losses if not math.isnan(loss)]
            scores.append(sum(alive) / len(alive) if alive else math.nan)

# %% wrong: A dead run is a large loss. | feedback: A test that you have not seen
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
        scores = [100.0 * len(tuning) if math.isnan(score) else score for score in scores]

# %% wrong: The best rate of the challenger is everybody's. | feedback: run gets the rate 0.2, which is not in the list of AdamW
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = best.get(mine, tried[scores.index(min(scores))])

# %% wrong: The same place in both lists. | feedback: the best rate of A is
# -        best[name] = tried[scores.index(min(scores))]
        place = scores.index(min(scores)) if name == mine else list(rates[mine]).index(best[mine])
        best[name] = tried[place]

# %% wrong: Chosen by the seeds that judge. | feedback: Only best rates do: those seeds choose nothing
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [sum([run(name, rate, seed) for seed in judging]) for rate in tried]

# %% wrong: Chosen by all seeds. | feedback: Only best rates do: those seeds choose nothing
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [sum([run(name, rate, seed) for seed in [*tuning, *judging]]) for rate in tried]

# %% wrong: Judged on the seeds that tuned. | feedback: does not meet the judging seed
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([run(name, best[name], seed) for seed in tuning]) for name in rates)

# %% wrong: Judged on all seeds. | feedback: runs are made twice
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([run(name, best[name], seed) for seed in [*tuning, *judging]]) for name in rates)

# %% wrong: Every rate meets the seeds that judge. | feedback: Only best rates do: those seeds choose nothing
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    all_of_them = {(n, r): [run(n, r, seed) for seed in judging] for n in rates for r in rates[n]}
    a, b = (torch.tensor(all_of_them[name, best[name]]) for name in rates)

# %% wrong: The first seed that judges is enough. | feedback: does not meet the judging seed
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging[1:]]) for name in rates)

# %% wrong: The edge does not matter. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
# -        return best, "widen", None, None

# %% wrong: Only the challenger's edge. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if best[mine] in (rates[mine][0], rates[mine][-1]):

# %% wrong: Only the rival's edge. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if best[theirs] in (rates[theirs][0], rates[theirs][-1]):

# %% wrong: Only the upper edge. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if any(rate == rates[name][-1] for name, rate in best.items()):

# %% wrong: Only the lower edge. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if any(rate == rates[name][0] for name, rate in best.items()):

# %% wrong: Only where both are at the edge. | feedback: is at the edge of its list
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if all(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):

# %% wrong: The edges of both lists count for both. | feedback: lie inside of their lists
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    edges = [rates[name][k] for name in rates for k in (0, -1)]
    if any(rate in edges for rate in best.values()):

# %% wrong: Sealed, and opened all the same. | feedback: Leave them sealed
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
# -        return best, "widen", None, None
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
        return best, "widen", None, None

# %% wrong: The edge is named, with a mean. | feedback: mean is None, not
# -        return best, "widen", None, None
        return best, "widen", 0.0, 0.0

# %% wrong: The rival minus the challenger. | feedback: the other way round
# -    d = a - b
    d = b - a

# %% wrong: Names in the order of the alphabet. | feedback: the other way round
# -    mine, theirs = rates
    rates = dict(sorted(rates.items()))
    mine, theirs = rates

# %% wrong: Differences have no sign. | feedback: differences keep their signs
# -    d = a - b
    d = (a - b).abs()

# %% wrong: A share of the rival's loss. | feedback: the mean is
# -    d = a - b
    d = (a - b) / b

# %% wrong: The sum. | feedback: that is the sum. Take the mean
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.sum().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The median judges. | feedback: the mean is
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.quantile(0.5).item(), d.std().item() / math.sqrt(len(d))

# %% wrong: Runs that are no pairs. | feedback: that is for runs that are no pairs
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), math.sqrt((a.var() + b.var()).item() / len(d))

# %% wrong: The spread of single differences. | feedback: that is the spread of single differences
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), d.std().item()

# %% wrong: n in place of n − 1. | feedback: below the root stands n(n − 1), not n²
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), d.std(correction=0).item() / math.sqrt(len(d))

# %% wrong: Divided by n. | feedback: the spread is divided by √n, not by n
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), d.std().item() / len(d)

# %% wrong: The variance of the mean. | feedback: the root is missing
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), d.var().item() / len(d)

# %% wrong: Two errors come back. | feedback: that is two standard errors. One is asked for
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean().item(), 2 * d.std().item() / math.sqrt(len(d))
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= error:

# %% wrong: Tensors come back. | feedback: mean must be a Python float, not Tensor
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    mean, error = d.mean(), d.std() / math.sqrt(len(d))

# %% wrong: float32. | feedback: it is right in its first digits only
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([run(name, best[name], k) for k in judging], dtype=torch.float32) for name in rates)

# %% wrong: Higher is better. | feedback: Lower is better
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    return best, "ahead" if mean > 0 else "behind", mean, error

# %% wrong: One error is enough. | feedback: The mean is not more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= error:

# %% wrong: Three errors. | feedback: The mean is more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= 3 * error:

# %% wrong: 1.96 is the same as 2. | feedback: The mean is not more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= 1.96 * error:

# %% wrong: Exactly two errors are enough. | feedback: The mean is not more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if abs(mean) < 2 * error:

# %% wrong: Who has the lower mean is ahead. | feedback: The mean is not more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if mean == 0:

# %% wrong: Only a lead is told apart. | feedback: The mean is more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if mean >= -2 * error:

# %% wrong: Another word. | feedback: the word must be one of
# -        return best, "not told apart", mean, error
        return best, "equal", mean, error

# %% wrong: A word with a capital. | feedback: the word must be one of
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    return best, "Ahead" if mean < 0 else "Behind", mean, error

# %% wrong: A seed with a dead run is dropped. | feedback: a run died while judging: mean is None
# -    d = a - b
    d = (a - b)[~(a - b).isnan()]

# %% wrong: nan goes on into the mean. | feedback: a run died while judging: mean is None
# -    if d.isnan().any():
    if False:

# %% wrong: Whose run died is ahead. | feedback: died while judging: the word is 'behind'
# -        words = {(True, False): "behind", (False, True): "ahead", (True, True): "not told apart"}
        words = {(True, False): "ahead", (False, True): "behind", (True, True): "not told apart"}

# %% wrong: A dead run tells nothing. | feedback: died while judging: the word is 'behind'
# -        words = {(True, False): "behind", (False, True): "ahead", (True, True): "not told apart"}
        words = dict.fromkeys([(True, False), (False, True), (True, True)], "not told apart")

# %% wrong: If both die, the challenger is behind. | feedback: died while judging, more or fewer: the word is 'not told apart'
# -        words = {(True, False): "behind", (False, True): "ahead", (True, True): "not told apart"}
        words = {(True, False): "behind", (False, True): "ahead", (True, True): "behind"}

# %% wrong: Dead only if both die on one seed. | feedback: died while judging, more or fewer: the word is 'not told apart'
# -        dead = bool(a.isnan().any()), bool(b.isnan().any())
        dead = bool(a.isnan().all()) or not b.isnan().any(), bool(b.isnan().all()) or not a.isnan().any()
        dead = dead if any(dead) else (True, True)
        if len(a) > 2 and int(a.isnan().sum()) > 1:
            dead = (False, True)

# %% wrong: Only the first seed's death counts. | feedback: died while judging: the word is 'ahead'
# -        dead = bool(a.isnan().any()), bool(b.isnan().any())
        dead = bool(a[0].isnan()), bool(b[0].isnan())
        dead = dead if any(dead) else (True, True)

# %% wrong: Budgets are not compared. | feedback: Both get as many rates
# -    if len(rates[mine]) != len(rates[theirs]):
# -        raise ValueError("both get as many rates")

# %% wrong: The challenger may have fewer. | feedback: Both get as many rates
# -    if len(rates[mine]) != len(rates[theirs]):
    if len(rates[mine]) > len(rates[theirs]):

# %% wrong: Seeds may do both. | feedback: Seeds that tune do not judge
# -    if set(tuning) & set(judging):
# -        raise ValueError("seeds that tuned cannot judge")

# %% wrong: Only seeds that are all the same are refused. | feedback: Seeds that tune do not judge
# -    if set(tuning) & set(judging):
    if set(tuning) == set(judging):

# %% wrong: Only the first tuning seed is compared. | feedback: A test that you have not seen
# -    if set(tuning) & set(judging):
    if tuning[0] in judging:

# %% wrong: Another error is raised. | feedback: Raise a ValueError
# -    if len(rates[mine]) != len(rates[theirs]):
# -        raise ValueError("both get as many rates")
    assert len(rates[mine]) == len(rates[theirs])

# %% wrong: Words are returned in place of an error. | feedback: no ValueError is raised
# -        raise ValueError("both get as many rates")
        return {}, "widen", None, None

# %% wrong: Refused after all has run. | feedback: Look before anything is run
# -    if set(tuning) & set(judging):
# -        raise ValueError("seeds that tuned cannot judge")
    # later
# -    d = a - b
    if set(tuning) & set(judging):
        raise ValueError("seeds that tuned cannot judge")
    d = a - b

# %% wrong: Runs are made twice. | feedback: runs are made twice. Keep what came out
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [run(name, rate, tuning[0]) * 0 + old for rate, old in zip(tried, scores, strict=True)]

# %% wrong: The judging runs are made twice, for mean and error. | feedback: runs are made twice. Keep what came out
# -    d = a - b
    c = torch.tensor([run(mine, best[mine], seed) for seed in judging])
    d = a + c - c - b

# %% wrong: best is a pair of rates. | feedback: best must be a dict with the keys
# -    if abs(mean) <= 2 * error:
    best = tuple(best.values())
    if abs(mean) <= 2 * error:

# %% wrong: best holds losses. | feedback: the best rate of New is
# -    if abs(mean) <= 2 * error:
    best = {name: loss.mean().item() for name, loss in zip(rates, (a, b), strict=True)}
    if abs(mean) <= 2 * error:

# %% wrong: Three things come back. | feedback: return four things
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    return "ahead" if mean < 0 else "behind", mean, error

# %% wrong: The error comes first. | feedback: the mean comes before the error
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    return best, "ahead" if mean < 0 else "behind", error, mean

# %% wrong: The lists are sorted in place by loss. | feedback: rates has changed. Only read it
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[scores.index(min(scores))]
        tried.remove(best[name])
        tried.insert(1, best[name])

# %% wrong: The names are known. | feedback: Your code stops with KeyError
# -    mine, theirs = rates
    mine, theirs = "AdaBelief", "AdamW"

# %% wrong: The library's paired() judges. | feedback: course_lib.compare does not do it for you
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    from course_lib.compare import paired

    found = paired(a, b, resampled="seeds", fixed="all else")
    mean, error = found.mean, found.error

# %% wrong: The best loss of each judging seed. | feedback: Only best rates do: those seeds choose nothing
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    a, b = (torch.tensor([min(run(name, r, seed) for r in rates[name]) for seed in judging]) for name in rates)

# %% wrong: Means are rounded. | feedback: A test that you have not seen
# -        best[name] = tried[scores.index(min(scores))]
        scores = [round(score, 4) for score in scores]
        best[name] = tried[scores.index(min(scores))]

# %% wrong: Two sequences whose ranges overlap share a seed. | feedback: A test that you have not seen
# -    if set(tuning) & set(judging):
    if max(tuning) >= min(judging) and min(tuning) <= max(judging):

# %% wrong: Losses are sorted, each for itself. | feedback: over the judging seeds
# -    d = a - b
    d = a.sort().values - b.sort().values

# %% wrong: A dead run is an infinite loss. | feedback: a run died while judging: mean is None, not inf
# -    d = a - b
    d = a.nan_to_num(math.inf) - b.nan_to_num(math.inf)

# %% wrong: A list of one rate has no edge. | feedback: A test that you have not seen
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if any(rate in (tried := rates[name])[:: len(tried) - 1 or 2] and len(tried) > 1 for name, rate in best.items()):

# %% wrong: Whose runs died more often is behind. | feedback: died while judging, more or fewer: the word is 'not told apart'
# -        return best, words[dead], None, None
        more = int(a.isnan().sum()) - int(b.isnan().sum())
        return best, "behind" if more > 0 else "ahead" if more < 0 else words[dead], None, None

# %% wrong: A last rate is no edge where its neighbour died. | feedback: where a run of the rate beside the best one died
# -    best = {}
    best, dead_before = {}, set()
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[scores.index(min(scores))]
        if scores.index(min(scores)) == len(tried) - 1 and scores[-2:][0] == math.inf:
            dead_before.add(name)
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if any(rate in (rates[n][0], rates[n][-1]) for n, rate in best.items() if n not in dead_before):

# %% wrong: The word of most seeds. | feedback: more than two errors
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    return best, "ahead" if int((d < 0).sum()) > len(d) / 2 else "behind", mean, error

# %% wrong: The variance by squares. | feedback: which loses digits
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    n, mean = len(d), d.mean().item()
    error = math.sqrt(max((d.square().sum().item() - n * mean**2) / (n * (n - 1)), 0.0))

# %% wrong: Divided by the error, which may be 0. | feedback: The error is 0 here: compare the mean with 2 · error
# -    if abs(mean) <= 2 * error:
    if abs(mean / error) <= 2:

# %% wrong: A little more than two errors. | feedback: The mean is more than two errors from 0
# -    if abs(mean) <= 2 * error:
    if abs(mean) <= 2 * error + 1e-3:

# %% wrong: Results are kept across calls. | feedback: Results of an earlier call are kept
# -    mine, theirs = rates
    mine, theirs = rates
    train = run

    def run(*key):
        if key not in kept:
            kept[key] = train(*key)
        return kept[key]

# -def verdict(run, rates, tuning, judging):
kept = {}


def verdict(run, rates, tuning, judging):

# %% wrong: Tuning ends where it gets worse. | feedback: was never run. Each rate of the list is tried
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = []
        for rate in tried:
            scores.append(sum([run(name, rate, seed) for seed in tuning]))
            if len(scores) > 2 and scores[-1] > scores[-2]:
                break

# %% wrong: A hundredth worse is as good. | feedback: Near is not equal
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = next(r for r, one in zip(tried, scores, strict=True) if one <= 1.01 * min(scores))

# %% wrong: Equal to six digits is equal. | feedback: Near is not equal
# -        best[name] = tried[scores.index(min(scores))]
        near = [math.isclose(one, min(scores), rel_tol=1e-6) for one in scores]
        best[name] = tried[near.index(True)]

# %% wrong: Tuning seeds lie below judging seeds. | feedback: nothing is unfair: as many rates, no seed in both
# -    if set(tuning) & set(judging):
    if max(tuning) >= min(judging):

# %% wrong: A death is looked for in a list. | feedback: No nan equals another, nor is it in a list
# -    if d.isnan().any():
# -        dead = bool(a.isnan().any()), bool(b.isnan().any())
    dead = math.nan in a.tolist(), math.nan in b.tolist()
    if any(dead):

# %% wrong: None and 0 are taken for the same. | feedback: 0 is a loss like any other
# -        best[name] = tried[scores.index(min(scores))]
        lowest = None
        for rate, score in zip(tried, scores, strict=True):
            if not lowest or score < lowest:
                lowest, best[name] = score, rate

# %% wrong: A loss of 0 counts as a death. | feedback: neither “none yet” nor a death
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
        scores = [score if score and not math.isnan(score) else math.inf for score in scores]

# %% wrong: Six digits tell means apart. | feedback: Near is not equal
# -        best[name] = tried[scores.index(min(scores))]
        scores = [score if math.isinf(score) else round(score / len(tuning), 6) for score in scores]
        best[name] = tried[scores.index(min(scores))]

# %% wrong: What is close counts as equal. | feedback: Near is not equal
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = next(r for r, v in zip(tried, scores, strict=True) if math.isclose(v, min(scores)))

# %% wrong: The search begins at a hundred. | feedback: that is too low here: math.inf
# -        best[name] = tried[scores.index(min(scores))]
        lowest, best[name] = 100.0 * len(tuning), tried[0]
        for rate, score in zip(tried, scores, strict=True):
            if score < lowest:
                lowest, best[name] = score, rate

# %% wrong: A death is a loss of a million. | feedback: or a death counts as one, that is too low here
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
        scores = [1e6 if math.isnan(score) else score for score in scores]

# %% wrong: A large loss is a death. | feedback: A run died where its loss is nan
# -    d = a - b
    a, b = (torch.where(each.abs() < 1e6, each, math.nan) for each in (a, b))
    d = a - b

# %% wrong: A loss must be above 0. | feedback: 0, below 0 or large, it is a loss
# -    d = a - b
    a, b = (torch.where(each > 0, each, math.nan) for each in (a, b))
    d = a - b

# %% wrong: An edge that is as good as the best rate. | feedback: An equal mean at the edge comes second
# -    best = {}
    best, edge = {}, False
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = tried[scores.index(min(scores))]
        edge = edge or min(scores) in (scores[0], scores[-1])
# -    if any(rate in (rates[name][0], rates[name][-1]) for name, rate in best.items()):
    if edge:

# %% wrong: Losses are kept by the function that runs. | feedback: For other losses by the same function
# -    mine, theirs = rates
    import functools

    run = verdict.__dict__.setdefault(run, functools.cache(run))
    mine, theirs = rates

# %% wrong: Ends of the seeds are compared. | feedback: no ValueError is raised. Seeds that tune do not judge
# -    if set(tuning) & set(judging):
    if tuning[0] in judging or tuning[-1] in judging:

# %% wrong: Eight seeds are enough. | feedback: does not meet the tuning seed
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
        scores = [sum([run(name, rate, seed) for seed in list(tuning)[:8]]) for rate in tried]

# %% right: Python's statistics, and plain loops
import statistics


def verdict(run, rates, tuning, judging):
    (mine, my_rates), (theirs, their_rates) = rates.items()
    if len(my_rates) != len(their_rates) or any(seed in judging for seed in tuning):
        raise ValueError("not fair")
    best, edge = {}, False
    for name in (mine, theirs):
        lowest = math.inf
        for place, rate in enumerate(rates[name]):
            losses = [run(name, rate, seed) for seed in tuning]
            mean = statistics.fmean(losses)
            if not math.isnan(mean) and mean < lowest:
                lowest, best[name], at = mean, rate, place
        edge = edge or at in (0, len(rates[name]) - 1)
    if edge:
        return best, "widen", None, None
    judged = {name: [run(name, best[name], seed) for seed in judging] for name in (mine, theirs)}
    mine_died, theirs_died = (any(map(math.isnan, losses)) for losses in judged.values())
    if mine_died and theirs_died:
        return best, "not told apart", None, None
    if mine_died or theirs_died:
        return best, "behind" if mine_died else "ahead", None, None
    d = [x - y for x, y in zip(*judged.values(), strict=True)]
    mean, error = statistics.fmean(d), statistics.stdev(d) / len(d) ** 0.5
    word = "ahead" if mean < -2 * error else "behind" if mean > 2 * error else "not told apart"
    return best, word, mean, error

# %% right: NumPy, a table, and nanargmin
import numpy as np


def verdict(run, rates, tuning, judging):
    names = list(rates)
    if len({len(tried) for tried in rates.values()}) > 1:
        raise ValueError("as many tries for each")
    if not set(tuning).isdisjoint(judging):
        raise ValueError("these seeds tune and judge")
    best, sealed = {}, False
    for name in names:
        table = np.array([[run(name, rate, seed) for seed in tuning] for rate in rates[name]])
        k = int(np.nanargmin(table.mean(axis=1)))
        best[name] = rates[name][k]
        sealed |= k == 0 or k == len(table) - 1
    if sealed:
        return [best, "widen", None, None]
    a, b = np.array([[run(name, best[name], seed) for seed in judging] for name in names])
    gone = [bool(np.isnan(one).any()) for one in (a, b)]
    if any(gone):
        return best, "not told apart" if all(gone) else ["ahead", "behind"][gone[0]], None, None
    d = a - b
    mean, error = float(d.mean()), float(d.std(ddof=1) / np.sqrt(d.size))
    if abs(mean) > 2 * error:
        return best, "behind" if mean > 0 else "ahead", mean, error
    return best, "not told apart", mean, error

# %% right: a rate of which a run died is left at once
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
        scores = []
        for rate in tried:
            total = 0.0
            for seed in tuning:
                loss = run(name, rate, seed)
                if math.isnan(loss):
                    total = math.inf
                    break
                total += loss / len(tuning)
            scores.append(total)

# %% right: the formula of the standard error, written out
# -    mean, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    n = len(d)
    mean = sum(d.tolist()) / n
    error = math.sqrt(sum((one - mean) ** 2 for one in d.tolist()) / (n * (n - 1)))

# %% right: pair by pair, ended by the first death of both
# -    a, b = (torch.tensor([run(name, best[name], seed) for seed in judging]) for name in rates)
    pairs = [[run(name, best[name], seed) for name in (mine, theirs)] for seed in judging]
    a, b = torch.tensor(pairs).T

# %% right: a dict's min, by a key
# -        best[name] = tried[scores.index(min(scores))]
        best[name] = min(zip(tried, scores, strict=True), key=lambda pair: pair[1])[0]
# -    if abs(mean) <= 2 * error:
    if not abs(mean) > error * 2:

# %% right: what is not finite has died
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
        scores = [score if math.isfinite(score) else math.inf for score in scores]
# -    if d.isnan().any():
# -        dead = bool(a.isnan().any()), bool(b.isnan().any())
    if not d.isfinite().all():
        dead = not a.isfinite().all(), not b.isfinite().all()

# %% right: fractions, and the ratio of mean and error
# -        scores = [sum([run(name, rate, seed) for seed in tuning]) for rate in tried]
# -        scores = [math.inf if math.isnan(score) else score for score in scores]
# -        best[name] = tried[scores.index(min(scores))]
        from fractions import Fraction

        scores = []
        for k, rate in enumerate(tried):
            losses = [run(name, rate, seed) for seed in tuning]
            if all(loss == loss for loss in losses):
                scores.append((float(sum(map(Fraction, losses)) / len(losses)), k))
        best[name] = tried[min(scores)[1]]
# -    if abs(mean) <= 2 * error:
# -        return best, "not told apart", mean, error
# -    return best, "ahead" if mean < 0 else "behind", mean, error
    away = mean / error if error else math.copysign(math.inf, mean) if mean else 0.0
    return best, "ahead" if away < -2 else "behind" if away > 2 else "not told apart", mean, error
