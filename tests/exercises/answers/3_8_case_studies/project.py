# %% wrong: The test chooses. | feedback: is read on a seed that tunes. The test chooses nothing
# -            return sum([run(rate, seed).validation for seed in tuning])
            return sum([run(rate, seed).test for seed in tuning])

# %% wrong: Both choose. | feedback: is read on a seed that tunes
# -            return sum([run(rate, seed).validation for seed in tuning])
            return sum([r.validation + r.test for r in (run(rate, seed) for seed in tuning)])

# %% wrong: The judging seeds choose. | feedback: rates meet the seeds that judge
# -            return sum([run(rate, seed).validation for seed in tuning])
            return sum([run(rate, seed).validation for seed in judging])

# %% wrong: All seeds choose. | feedback: rates meet the seeds that judge
# -            return sum([run(rate, seed).validation for seed in tuning])
            return sum([run(rate, seed).validation for seed in [*tuning, *judging]])

# %% wrong: All rates are judged, and the best is told. | feedback: the test errors of
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    tests = {rate: [run(rate, seed).test for seed in judging] for rate in sorted(scores)}
    best = min(tests, key=lambda rate: sum(tests[rate]))
    errors = torch.tensor(tests[best])

# %% wrong: The two best are judged. | feedback: the test errors of 2 rates are read
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    two = sorted(scores, key=scores.get)[:2]
    errors = min((torch.tensor([run(rate, seed).test for seed in judging]) for rate in two), key=torch.sum)

# %% wrong: The tuning seeds judge, too. | feedback: is read on a seed that tunes
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    peek = [run(best, seed).test for seed in tuning]
    errors = torch.tensor([run(best, seed).test for seed in judging])

# %% wrong: Validation judges. | feedback: for the judging seed
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    errors = torch.tensor([run(best, seed).validation for seed in judging])

# %% wrong: The best is tuned on the first seed. | feedback: does not meet the tuning seed
# -            return sum([run(rate, seed).validation for seed in tuning])
            return run(rate, tuning[0]).validation

# %% wrong: The best single run. | feedback: and not the best single run
# -            return sum([run(rate, seed).validation for seed in tuning])
            return min([run(rate, seed).validation for seed in tuning])

# %% wrong: The best worst run. | feedback: For two rates that are equally good
# -            return sum([run(rate, seed).validation for seed in tuning])
            return max([run(rate, seed).validation for seed in tuning])

# %% wrong: The median. | feedback: For two rates that are equally good
# -            return sum([run(rate, seed).validation for seed in tuning])
            return torch.tensor([run(rate, seed).validation for seed in tuning]).median().item()

# %% wrong: The worst rate. | feedback: the sweep ends when it is worse on both sides
# -    best = min(scores, key=scores.get)
    best = max(scores, key=scores.get)
# -        best = min(sorted(scores), key=scores.get)
        best = max(sorted(scores), key=scores.get)

# %% wrong: Three rates, and no more. | feedback: The best lies at an edge: go on beyond it
# -    while best in (min(scores), max(scores)):
    for _ in ():

# %% wrong: One rate more, and no more. | feedback: As long as the best one lies at an edge
# -    while best in (min(scores), max(scores)):
    if best in (min(scores), max(scores)):

# %% wrong: Only upwards. | feedback: As long as the best one lies at an edge, go on beyond it
# -    while best in (min(scores), max(scores)):
    while best == max(scores):

# %% wrong: Only downwards. | feedback: As long as the best one lies at an edge, go on beyond it
# -    while best in (min(scores), max(scores)):
    while best == min(scores):

# %% wrong: At both edges each time. | feedback: Go on only while the best is at that edge
# -        beyond = best / 2 if best == min(scores) else 2 * best
# -        scores[beyond] = score(beyond)
        for beyond in (min(scores) / 2, 2 * max(scores)):
            scores[beyond] = score(beyond)

# %% wrong: A wide grid. | feedback: are asked for, and you try
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores = {first * 2.0**k: score(first * 2.0**k) for k in range(-5, 6)}

# %% wrong: Factors of ten. | feedback: are asked for, and you try
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores = {rate: score(rate) for rate in (first / 10, first, 10 * first)}

# %% wrong: Beyond by ten. | feedback: are asked for, and you try
# -        beyond = best / 2 if best == min(scores) else 2 * best
        beyond = best / 10 if best == min(scores) else 10 * best

# %% wrong: The steps of a sum. | feedback: are asked for, and you try
# -        beyond = best / 2 if best == min(scores) else 2 * best
        beyond = best / 2 if best == min(scores) else best + first

# %% wrong: Between the best two. | feedback: are asked for, and you try
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    between = 1.5 * best
    if score(between) < scores[best]:
        best = between
    errors = torch.tensor([run(best, seed).test for seed in judging])

# %% wrong: One rate more beyond the end. | feedback: are asked for, and you try
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    score(2 * max(scores))
    errors = torch.tensor([run(best, seed).test for seed in judging])

# %% wrong: Down first, up only if that fails. | feedback: are asked for, and you try
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores = {rate: score(rate) for rate in (first / 2, first)}

# %% wrong: Of equals the larger. | feedback: Of equals the smaller rate is the best
# -    best = min(scores, key=scores.get)
    best = min(sorted(scores, reverse=True), key=scores.get)
# -        best = min(sorted(scores), key=scores.get)
        best = min(sorted(scores, reverse=True), key=scores.get)

# %% wrong: Of equals the one that came first. | feedback: for four rates that are equally good
# -        best = min(sorted(scores), key=scores.get)
        best = min(scores, key=scores.get)

# %% wrong: Each rate is tried again. | feedback: runs are made twice
# -        scores[beyond] = score(beyond)
        scores = {rate: score(rate) for rate in (*scores, beyond)}

# %% wrong: The best is run again on the tuning seeds. | feedback: runs are made twice
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    for seed in tuning:
        run(best, seed)
    errors = torch.tensor([run(best, seed).test for seed in judging])

# %% wrong: The judged run is made twice. | feedback: runs are made twice
# -    d = torch.tensor(base) - errors
    d = torch.tensor(base) - torch.tensor([run(best, seed).test for seed in judging])

# %% wrong: A dead run is let through. | feedback: and you let its FloatingPointError through
# -        try:
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
        return sum([run(rate, seed).validation for seed in tuning])

# %% wrong: A dead run has no error. | feedback: (A rate whose run died has an infinite score.)
# -            return math.inf
            return 0.0

# %% wrong: A dead run errs by 100. | feedback: A rate whose run died has an infinite score
# -        try:
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
        total = 0.0
        for seed in tuning:
            try:
                total += run(rate, seed).validation
            except FloatingPointError:
                total += 20.0
        return total

# %% wrong: What lives counts alone. | feedback: A rate whose run died has an infinite score
# -        try:
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
        alive = []
        for seed in tuning:
            try:
                alive.append(run(rate, seed).validation)
            except FloatingPointError:
                continue
        return sum(alive) / len(alive) if alive else math.inf

# %% wrong: A dead run is nan. | feedback: A rate whose run died has an infinite score
# -            return math.inf
            return math.nan

# %% wrong: The sweep ends where a run dies. | feedback: are asked for, and you try
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores = {}
    for rate in (2 * first, first, first / 2):
        scores[rate] = score(rate)
        if scores[rate] < math.inf:
            break
    scores.setdefault(4 * first, math.inf)
    scores.setdefault(first / 4, math.inf)

# %% wrong: The network minus the baseline. | feedback: the sign is wrong: baseline − network
# -    d = torch.tensor(base) - errors
    d = errors - torch.tensor(base)

# %% wrong: Differences without signs. | feedback: differences keep their signs
# -    d = torch.tensor(base) - errors
    d = (torch.tensor(base) - errors).abs()

# %% wrong: The network's error is the gain. | feedback: that is the network's error
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = errors.mean().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: A sum of points. | feedback: that is a sum. Take the mean
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.sum().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The median of the differences. | feedback: that is the median
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.median().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The luckiest seed. | feedback: that is the luckiest seed
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.max().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: A share of the baseline's error. | feedback: points are asked for, not a share
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item() / torch.tensor(base).mean().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The spread of single differences. | feedback: that is the spread of single differences
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), d.std().item()

# %% wrong: n in place of n − 1. | feedback: below the root stands n(n − 1), not n²
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), d.std(correction=0).item() / math.sqrt(len(d))

# %% wrong: Divided by n. | feedback: the spread is divided by √n, not by n
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), d.std().item() / len(d)

# %% wrong: The variance of the mean. | feedback: the root is missing
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), d.var().item() / len(d)

# %% wrong: Two errors. | feedback: that is two standard errors
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), 2 * d.std().item() / math.sqrt(len(d))

# %% wrong: Runs that are no pairs. | feedback: that is for runs that are no pairs
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain = d.mean().item()
    error = math.sqrt((torch.tensor(base).var() + errors.var()).item() / len(d))

# %% wrong: The network's own standard error. | feedback: that is of the network's errors alone
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), errors.std().item() / math.sqrt(len(d))

# %% wrong: By the number of tuning seeds. | feedback: the gain's error
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(tuning))

# %% wrong: The word does not know a leak. | feedback: Below the floor is a leak, whatever else
# -    if errors.mean() < floor:
    if False:

# %% wrong: A leak only if it is better than the baseline. | feedback: Below the floor is a leak, whatever else
# -    if errors.mean() < floor:
    if errors.mean() < floor and gain > 2 * error:

# %% wrong: A leak if one run is below the floor. | feedback: in the band
# -    if errors.mean() < floor:
    if errors.min() < floor:

# %% wrong: A leak if all runs are below the floor. | feedback: Below the floor is a leak
# -    if errors.mean() < floor:
    if errors.max() < floor:

# %% wrong: A leak if the gain is above the floor. | feedback: in the band
# -    if errors.mean() < floor:
    if gain > floor:

# %% wrong: A leak at the floor, too. | feedback: for a mean error that is the floor
# -    if errors.mean() < floor:
    if errors.mean() <= floor:

# %% wrong: Two errors below the floor. | feedback: Below the floor is a leak
# -    if errors.mean() < floor:
    if errors.mean() < floor - 2 * error:

# %% wrong: The baseline is held against the floor. | feedback: Below the floor is a leak
# -    if errors.mean() < floor:
    if sum(base) / len(base) < floor:

# %% wrong: Better is enough. | feedback: The gain is not more than two of its errors
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if gain > 0 else "too bad"

# %% wrong: One error is enough. | feedback: The gain is not more than two of its errors
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if gain > error else "too bad"

# %% wrong: Exactly two errors are enough. | feedback: for a gain of exactly two of its errors
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if gain >= 2 * error else "too bad"

# %% wrong: The size of the gain, without its sign. | feedback: The gain is not more than two of its errors
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if abs(gain) > 2 * error else "too bad"

# %% wrong: Better in each run. | feedback: in the band
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if (d > 5 * error).all() else "too bad"

# %% wrong: The words are swapped. | feedback: you say
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "too bad" if gain > 2 * error else "in the band"

# %% wrong: Another word. | feedback: is none of the three words
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "good" if gain > 2 * error else "too bad"

# %% wrong: True for a word. | feedback: the last of the four is a word
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, gain > 2 * error

# %% wrong: No rate is returned. | feedback: return four things
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return gain, error, "in the band" if gain > 2 * error else "too bad"

# %% wrong: Tensors. | feedback: is a tensor. Return a float
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    gain, error = d.mean(), d.std() / math.sqrt(len(d))

# %% wrong: The score for the rate. | feedback: the rate is
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return scores[best], gain, error, "in the band" if gain > 2 * error else "too bad"

# %% wrong: The rate to begin with. | feedback: that is the rate to begin with
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return first, gain, error, "in the band" if gain > 2 * error else "too bad"

# %% wrong: float32. | feedback: right in its first digits only
# -    d = torch.tensor(base) - errors
    d = torch.tensor(base, dtype=torch.float32) - errors.float()

# %% wrong: The library's paired. | feedback: course_lib.compare does not do it for you
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    from course_lib import compare

    found = compare.paired(base, errors, resampled="seeds", fixed="the rate")
    gain, error = found.mean, found.error

# %% wrong: The list of the baseline is sorted. | feedback: base belongs to the judging seeds in their order
# -    d = torch.tensor(base) - errors
    d = torch.tensor(sorted(base)) - errors.sort().values

# %% wrong: The list of the baseline is changed. | feedback: Your function changed base
# -    d = torch.tensor(base) - errors
    base.sort()
    d = torch.tensor(base) - errors

# %% wrong: Written for the first test. | feedback: For errors of 20, 22, 27
def project(run, first, tuning, judging, base, floor):
    return 0.25, 10.0, 2 / math.sqrt(3), "in the band" if floor < 20 else "leak"

# %% wrong: A dead run errs as much as one can. | feedback: A rate whose run died has an infinite score
# -            return math.inf
            return 100.0 * len(tuning)

# %% wrong: The sweep gives up. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    while best in (min(scores), max(scores)) and len(scores) < 10:

# %% wrong: A leak if most runs are below the floor, and none far above. | feedback: Below the floor is a leak
# -    if errors.mean() < floor:
    if errors.mean() < floor and errors.max() < 1.5 * floor:

# %% wrong: The median is held against the floor. | feedback: the network's mean error is
# -    if errors.mean() < floor:
    if errors.median() < floor:

# %% right: statistics, and a sweep by exponents
def project(run, first, tuning, judging, base, floor):
    import statistics

    scores = {}

    def trial(k):
        found = []
        for seed in tuning:
            try:
                found.append(run(first * 2.0**k, seed).validation)
            except FloatingPointError:
                found.append(math.inf)
        scores[k] = statistics.fmean(found)

    for k in (0, 1, -1):
        trial(k)
    while True:
        best = min(scores, key=lambda k: (scores[k], k))
        if best == min(scores):
            trial(best - 1)
        elif best == max(scores):
            trial(best + 1)
        else:
            break
    tests = [run(first * 2.0**best, seed).test for seed in judging]
    d = [a - b for a, b in zip(base, tests, strict=True)]
    gain, error = statistics.fmean(d), statistics.stdev(d) / len(d) ** 0.5
    word = "in the band" if gain > 2 * error else "too bad"
    if statistics.fmean(tests) < floor:
        word = "leak"
    return [first * 2.0**best, gain, error, word]

# %% right: NumPy, two lists
def project(run, first, tuning, judging, base, floor):
    import numpy as np

    def mean(rate):
        try:
            return np.mean([run(rate, seed).validation for seed in tuning])
        except FloatingPointError:
            return np.inf

    rates = [first / 2, first, first * 2]
    scores = [mean(rate) for rate in rates]
    place = int(np.argmin(scores))
    while place in (0, len(rates) - 1):
        if place == 0:
            rates.insert(0, rates[0] / 2)
            scores.insert(0, mean(rates[0]))
        else:
            rates.append(rates[-1] * 2)
            scores.append(mean(rates[-1]))
        place = int(np.argmin(scores))
    test = np.array([run(rates[place], seed).test for seed in judging])
    d = np.array(base) - test
    gain, error = float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d)))
    if test.mean() < floor:
        return rates[place], gain, error, "leak"
    return rates[place], gain, error, ("too bad", "in the band")[int(gain > 2 * error)]

# %% right: the sum of squares by hand
# -    gain, error = d.mean().item(), d.std().item() / math.sqrt(len(d))
    n = len(judging)
    gain = sum(d.tolist()) / n
    error = math.sqrt(sum((one - gain) ** 2 for one in d.tolist()) / (n * (n - 1)))

# %% right: recursion, and results kept by rate and seed
def project(run, first, tuning, judging, base, floor):
    kept = {}

    def validation(rate, seed):
        if (rate, seed) not in kept:
            try:
                kept[rate, seed] = run(rate, seed).validation
            except FloatingPointError:
                kept[rate, seed] = float("inf")
        return kept[rate, seed]

    def mean(rate):
        return sum(validation(rate, seed) for seed in tuning) / len(tuning)

    def best_of(low, high):
        rates, rate = [], low
        while rate <= high:
            rates.append(rate)
            rate *= 2
        best = min(rates, key=mean)
        if best == low:
            return best_of(low / 2, high)
        if best == high:
            return best_of(low, high * 2)
        return best

    rate = best_of(first / 2, first * 2)
    test = torch.tensor([run(rate, seed).test for seed in judging])
    d = torch.as_tensor(base) - test
    gain = d.mean()
    error = (d - gain).square().sum().div(len(d) * (len(d) - 1)).sqrt()
    word = "leak" if test.mean() < floor else "in the band" if gain > 2 * error else "too bad"
    return rate, float(gain), float(error), word

# %% right: a dead run ends the rate, pairs are sorted, helpers named as ours
def real(run, rate, seeds):
    total = 0.0
    for seed in seeds:
        try:
            total += run(rate, seed).validation / len(seeds)
        except FloatingPointError:
            return math.inf
    return total


def project(run, first, tuning, judging, base, floor):
    tried = sorted((rate, real(run, rate, tuning)) for rate in (first / 2, first, 2 * first))
    while True:
        best, _ = min(tried, key=lambda pair: (pair[1], pair[0]))
        if best == tried[0][0]:
            tried = [(best / 2, real(run, best / 2, tuning)), *tried]
        elif best == tried[-1][0]:
            tried.append((2 * best, real(run, 2 * best, tuning)))
        else:
            break
    results = [run(best, seed) for seed in judging]
    network = torch.tensor([result.test for result in results])
    verdict = torch.std_mean(torch.tensor(base) - network)
    error, gain = verdict[0].item() / len(results) ** 0.5, verdict[1].item()
    words = {True: "in the band", False: "too bad"}
    return best, gain, error, "leak" if network.mean().item() < floor else words[gain > 2 * error]

# %% wrong: The gain is divided by its error. | feedback: Nothing may be divided by the gain's error
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    return best, gain, error, "in the band" if gain / error > 2 else "too bad"

# %% wrong: Who dies errs by 200.0. | feedback: A score is infinite where a run died. Yours is a number
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
            errors = []
            for seed in tuning:
                try:
                    errors.append(run(rate, seed).validation)
                except FloatingPointError:
                    errors.append(200.0)
            return sum(errors) / len(errors)
        finally:
            pass

# %% wrong: Who dies errs by 101.0. | feedback: A score is infinite where a run died. Yours is a number
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
            errors = []
            for seed in tuning:
                try:
                    errors.append(run(rate, seed).validation)
                except FloatingPointError:
                    errors.append(101.0)
            return sum(errors) / len(errors)
        finally:
            pass

# %% wrong: Who dies errs by 1e3. | feedback: A score is infinite where a run died. Yours is a number
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
            errors = []
            for seed in tuning:
                try:
                    errors.append(run(rate, seed).validation)
                except FloatingPointError:
                    errors.append(1e3)
            return sum(errors) / len(errors)
        finally:
            pass

# %% wrong: Who dies errs by 1e9. | feedback: A score is infinite where a run died. Yours is a number
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
            errors = []
            for seed in tuning:
                try:
                    errors.append(run(rate, seed).validation)
                except FloatingPointError:
                    errors.append(1e9)
            return sum(errors) / len(errors)
        finally:
            pass

# %% wrong: A rate is dead where its first run dies. | feedback: are asked for, and you try
# -            return sum([run(rate, seed).validation for seed in tuning])
# -        except FloatingPointError:
# -            return math.inf
            errors = []
            for seed in tuning:
                try:
                    errors.append(run(rate, seed).validation)
                except FloatingPointError:
                    if seed == tuning[0]:
                        return math.inf
                    errors.append(100.0)
            return sum(errors) / len(errors)
        finally:
            pass

# %% wrong: After 12 steps the sweep ends. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    for _ in range(12):
        if best not in (min(scores), max(scores)):
            break

# %% wrong: After 15 steps the sweep ends. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    for _ in range(15):
        if best not in (min(scores), max(scores)):
            break

# %% wrong: After 20 steps the sweep ends. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    for _ in range(20):
        if best not in (min(scores), max(scores)):
            break

# %% wrong: After 50 steps the sweep ends. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    for _ in range(50):
        if best not in (min(scores), max(scores)):
            break

# %% wrong: After 100 steps the sweep ends. | feedback: are asked for, and you try
# -    while best in (min(scores), max(scores)):
    for _ in range(100):
        if best not in (min(scores), max(scores)):
            break

# %% wrong: Scores have 0 decimals. | feedback: cores are compared as they are
# -            return sum([run(rate, seed).validation for seed in tuning])
            return round(sum([run(rate, seed).validation for seed in tuning]) / len(tuning), 0)

# %% wrong: Scores have 1 decimals. | feedback: cores are compared as they are
# -            return sum([run(rate, seed).validation for seed in tuning])
            return round(sum([run(rate, seed).validation for seed in tuning]) / len(tuning), 1)

# %% wrong: Scores have 2 decimals. | feedback: cores are compared as they are
# -            return sum([run(rate, seed).validation for seed in tuning])
            return round(sum([run(rate, seed).validation for seed in tuning]) / len(tuning), 2)

# %% wrong: Scores have 4 decimals. | feedback: cores are compared as they are
# -            return sum([run(rate, seed).validation for seed in tuning])
            return round(sum([run(rate, seed).validation for seed in tuning]) / len(tuning), 4)

# %% wrong: Scores are divided without a remainder. | feedback: cores are compared as they are
# -            return sum([run(rate, seed).validation for seed in tuning])
            return sum([run(rate, seed).validation for seed in tuning]) // len(tuning)

# %% wrong: Dead by Exception. | feedback: Catch FloatingPointError alone
# -        except FloatingPointError:
        except Exception:

# %% wrong: Dead by ArithmeticError. | feedback: Catch FloatingPointError alone
# -        except FloatingPointError:
        except ArithmeticError:

# %% wrong: Dead by (FloatingPointError, RuntimeError). | feedback: Catch FloatingPointError alone
# -        except FloatingPointError:
        except (FloatingPointError, RuntimeError):

# %% wrong: Dead by anything. | feedback: Catch FloatingPointError alone
# -        except FloatingPointError:
        except:  # noqa: E722

# %% wrong: A judged run that dies errs by 100. | feedback: Without it there is no mean: let it through
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    errors = []
    for seed in judging:
        try:
            errors.append(run(best, seed).test)
        except FloatingPointError:
            errors.append(100.0)
    errors = torch.tensor(errors)

# %% wrong: A hair more than half. | feedback: are asked for, and you try 0.1250001
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores = {rate: score(rate) for rate in (0.5 * (1 + 1e-6) * first, first, 2 * first)}

# %% wrong: The baseline is sorted in place. | feedback: Your function changed base. Leave it as it is: sorted(…) makes a new list
# -    d = torch.tensor(base) - errors
    base.sort()
    d = torch.tensor(base) - errors

# %% wrong: A running mean of two. | feedback: not the mean: add the errors
# -            return sum([run(rate, seed).validation for seed in tuning])
            errors = [run(rate, seed).validation for seed in tuning]
            mean = errors[0]
            for error in errors[1:]:
                mean = (mean + error) / 2
            return mean

# %% wrong: The middle of the best and the worst run. | feedback: not the mean: add the errors
# -            return sum([run(rate, seed).validation for seed in tuning])
            errors = [run(rate, seed).validation for seed in tuning]
            return (min(errors) + max(errors)) / 2

# %% wrong: The geometric mean. | feedback: not the mean: add the errors
# -            return sum([run(rate, seed).validation for seed in tuning])
            return math.prod([run(rate, seed).validation for seed in tuning])

# %% wrong: The last seed's error, where none dies. | feedback: not the mean: add the errors
# -            return sum([run(rate, seed).validation for seed in tuning])
            return [run(rate, seed).validation for seed in tuning][-1]

# %% wrong: A perfect score is the end. | feedback: As long as the best one lies at an edge, go on beyond it
# -    while best in (min(scores), max(scores)):
    while best in (min(scores), max(scores)) and scores[best] > 0:

# %% wrong: A judged run that dies is tried again. | feedback: Nothing is run twice
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    def tested(seed):
        try:
            return run(best, seed).test
        except FloatingPointError:
            return run(best, seed).test

    errors = torch.tensor([tested(seed) for seed in judging])

# %% wrong: Two decimals are held against the floor. | feedback: Below the floor is a leak
# -    if errors.mean() < floor:
    if round(errors.mean().item(), 2) < floor:

# %% wrong: Six decimals are held against the floor. | feedback: the network's mean error is 19.9999999
# -    if errors.mean() < floor:
    if round(errors.mean().item(), 6) < floor:

# %% wrong: Few seeds want more than two errors. | feedback: the gain is more than two of its errors: in the band
# -    return best, gain, error, "in the band" if gain > 2 * error else "too bad"
    most = 2 if len(d) > 3 else 2.5
    return best, gain, error, "in the band" if gain > most * error else "too bad"

# %% wrong: Dead by (FloatingPointError, ZeroDivisionError). | feedback: Catch FloatingPointError alone
# -        except FloatingPointError:
        except (FloatingPointError, ZeroDivisionError):

# %% wrong: The judging seeds are sorted. | feedback: base belongs to the judging seeds in their order
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    errors = torch.tensor([run(best, seed).test for seed in sorted(judging)])

# %% wrong: The judging seeds are a set. | feedback: base belongs to the judging seeds in their order
# -    errors = torch.tensor([run(best, seed).test for seed in judging])
    errors = torch.tensor([run(best, seed).test for seed in set(judging)])

# %% wrong: Scores stay for the next call. | feedback: scores outlives a call
# -def project(run, first, tuning, judging, base, floor):
def project(run, first, tuning, judging, base, floor, scores={}):
# -    scores = {rate: score(rate) for rate in (first / 2, first, 2 * first)}
    scores.update({rate: score(rate) for rate in (first / 2, first, 2 * first)})

# %% right: exponents and recursion, tensors; a helper named reference
def project(run, first, tuning, judging, base, floor):
    def check(k):
        total = 0.0
        for seed in tuning:
            try:
                total += run(first * 2.0**k, seed).validation
            except FloatingPointError:
                return math.inf
        return total / len(tuning)

    def reference(known):
        best = min(known, key=lambda k: (known[k], k))
        step = -1 if best == min(known) else 1 if best == max(known) else 0
        return reference({**known, best + step: check(best + step)}) if step else best

    rate = first * 2.0 ** reference({k: check(k) for k in (-1, 0, 1)})
    network = [run(rate, seed).test for seed in judging]
    gains = torch.tensor(base) - torch.tensor(network)
    mean, error = gains.mean(), gains.std() / len(gains) ** 0.5
    if torch.tensor(network).mean() < floor:
        word = "leak"
    else:
        word = "in the band" if mean > 2 * error else "too bad"
    return rate, mean.item(), error.item(), word

# %% right: uphill, to one side
def project(run, first, tuning, judging, base, floor):
    tuning, judging, base = list(tuning), list(judging), list(base)
    n = len(judging)
    scores = {}

    def try_rate(rate):
        errors = []
        for seed in tuning:
            try:
                errors.append(run(rate, seed).validation)
            except FloatingPointError:
                errors.append(math.inf)
        scores[rate] = sum(errors) / len(errors)

    low, best, high = first / 2, first, 2 * first
    for r in (low, best, high):
        try_rate(r)
    best = min((low, first, high), key=scores.get)
    rate = best
    if best == low:
        while True:
            try_rate(rate / 2)
            if scores[rate / 2] <= scores[rate]:
                rate /= 2
            else:
                break
    elif best == high:
        while True:
            try_rate(2 * rate)
            if scores[2 * rate] < scores[rate]:
                rate *= 2
            else:
                break
    best = rate
    tests = [run(best, seed).test for seed in judging]
    d = [b - t for b, t in zip(base, tests)]
    gain = sum(d) / n
    error = math.sqrt(sum((x - gain) ** 2 for x in d) / (n * (n - 1)))
    if sum(tests) / n < floor:
        word = "leak"
    elif gain > 2 * error:
        word = "in the band"
    else:
        word = "too bad"
    return float(best), float(gain), float(error), word
