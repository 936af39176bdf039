# %% wrong: The rival is not tuned. | feedback: does not meet the tuning seed
# -        scores = []
# -        for setting in settings:
        scores = []
        for setting in settings if settings is trick else settings[:1]:

# %% wrong: The rival's first setting judges. | feedback: the rival was not tuned
# -        best = settings[scores.index(min(scores))]
        best = settings[scores.index(min(scores)) if settings is trick else 0]

# %% wrong: The trick's first setting judges. | feedback: the trick was not tuned
# -        best = settings[scores.index(min(scores))]
        best = settings[scores.index(min(scores)) if settings is plain else 0]

# %% wrong: The first settings, whatever they score. | feedback: the first setting of each list was taken
# -        best = settings[scores.index(min(scores))]
        best = settings[0]

# %% wrong: The last settings. | feedback: the last setting of each list was taken
# -        best = settings[scores.index(min(scores))]
        best = settings[-1]

# %% wrong: One place for both. | feedback: the same place in both lists was taken
# -    judged = []
# -    for settings in (plain, trick):
    judged, at = [], None
    for settings in (plain, trick):
# -        best = settings[scores.index(min(scores))]
        at = scores.index(min(scores)) if at is None else at
        best = settings[at]

# %% wrong: Chosen by the seeds that judge. | feedback: settings meet the seeds that judge. They choose nothing
# -            score = sum([run(setting, seed) for seed in tuning])
            score = sum([run(setting, seed) for seed in judging])

# %% wrong: Chosen by all seeds. | feedback: settings meet the seeds that judge. They choose nothing
# -            score = sum([run(setting, seed) for seed in tuning])
            score = sum([run(setting, seed) for seed in [*tuning, *judging]])

# %% wrong: Judged on the seeds that tuned. | feedback: seeds that tuned do not judge
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged.append(torch.tensor([run(best, seed) for seed in tuning]))

# %% wrong: Judged on all seeds. | feedback: For judged errors of 12, 14, 17 against 10, 12, 12
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged.append(torch.tensor([run(best, seed) for seed in [*tuning, *judging]]))

# %% wrong: The worst setting. | feedback: the worst setting was chosen
# -        best = settings[scores.index(min(scores))]
        best = settings[scores.index(max(scores))]

# %% wrong: The best single run. | feedback: not with the lowest single one
# -            score = sum([run(setting, seed) for seed in tuning])
            score = min([run(setting, seed) for seed in tuning])

# %% wrong: The best worst run. | feedback: not with the best worst run
# -            score = sum([run(setting, seed) for seed in tuning])
            score = max([run(setting, seed) for seed in tuning])

# %% wrong: One tuning seed tunes. | feedback: does not meet the tuning seed
# -            score = sum([run(setting, seed) for seed in tuning])
            score = run(setting, tuning[0])

# %% wrong: Of equals, the last. | feedback: of equals take the first
# -        best = settings[scores.index(min(scores))]
        best = settings[max(k for k, score in enumerate(scores) if score == min(scores))]

# %% wrong: Each judging seed has a best setting of its own. | feedback: settings meet the seeds that judge
# -        best = settings[scores.index(min(scores))]
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged.append(torch.tensor([min(run(setting, seed) for setting in settings) for seed in judging]))

# %% wrong: nan is the lowest, or the highest, as it comes. | feedback: nan < 1 and 1 < nan are both False
# -            scores.append(math.inf if math.isnan(score) else score)
            scores.append(score)

# %% wrong: Runs that died do not count. | feedback: a setting of which a run died (nan) is out
# -            score = sum([run(setting, seed) for seed in tuning])
            errors = [run(setting, seed) for seed in tuning]
            alive = [error for error in errors if not math.isnan(error)]
            score = sum(alive) / max(len(alive), 1)

# %% wrong: A run that died has no error. | feedback: a setting of which a run died (nan) is out
# -            score = sum([run(setting, seed) for seed in tuning])
            score = sum([0.0 if math.isnan(error) else error for error in [run(setting, s) for s in tuning]])

# %% wrong: A dead run is a large error. | feedback: is out. It is not one with a large error
# -            scores.append(math.inf if math.isnan(score) else score)
            scores.append(60.0 if math.isnan(score) else score)

# %% wrong: The trick minus the rival. | feedback: the sign is wrong
# -    d = judged[0] - judged[1]
    d = judged[1] - judged[0]

# %% wrong: A difference has no sign. | feedback: differences keep their signs
# -    d = judged[0] - judged[1]
    d = (judged[0] - judged[1]).abs()

# %% wrong: Runs that are no pairs. | feedback: that is for runs that are no pairs
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    a, b = judged
    return d.mean().item(), math.sqrt((a.var() + b.var()).item() / len(d))

# %% wrong: The spread of single differences. | feedback: that is the spread of single differences: divide by √n
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), d.std().item()

# %% wrong: n in place of n − 1. | feedback: below the root stands n(n − 1), not n²
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), d.std(correction=0).item() / math.sqrt(len(d))

# %% wrong: Divided by n. | feedback: the spread is divided by √n, not by n
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), d.std().item() / len(d)

# %% wrong: Divided by the root of n − 1. | feedback: the spread is divided by √n
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), d.std().item() / math.sqrt(len(d) - 1)

# %% wrong: The variance of the mean. | feedback: the standard error
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), d.var().item() / len(d)

# %% wrong: Two standard errors. | feedback: that is two standard errors
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), 2 * d.std().item() / math.sqrt(len(d))

# %% wrong: Without taking off the mean. | feedback: subtract the mean of the differences first
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), (d.square().sum() / (len(d) * (len(d) - 1))).sqrt().item()

# %% wrong: The rival's standard error. | feedback: that is of the rival's errors alone
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), judged[0].std().item() / math.sqrt(len(d))

# %% wrong: The trick's standard error. | feedback: that is of the trick's errors alone
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item(), judged[1].std().item() / math.sqrt(len(d))

# %% wrong: A sum of points. | feedback: that is a sum. Take the mean
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.sum().item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The median. | feedback: that is the median. Take the mean
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.quantile(0.5).item(), d.std().item() / math.sqrt(len(d))

# %% wrong: The error first. | feedback: the mean comes first, then the standard error
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.std().item() / math.sqrt(len(d)), d.mean().item()

# %% wrong: A share of the rival's error. | feedback: points are asked for, not a share
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return (d.mean() / judged[0].mean()).item(), d.std().item() / math.sqrt(len(d))

# %% wrong: Only the mean. | feedback: Return two things: return the mean, the standard error
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean().item()

# %% wrong: Tensors come back. | feedback: the mean is a tensor. Return floats
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    return d.mean(), d.std() / math.sqrt(len(d))

# %% wrong: The pairs are sorted. | feedback: For five settings each, three tuning and three judging seeds
# -    d = judged[0] - judged[1]
    d = judged[0].sort().values - judged[1].sort().values

# %% wrong: Any number of tries. | feedback: no ValueError is raised. Both get as many tries
# -    if len(plain) != len(trick):
# -        raise ValueError("each of the two gets as many settings as the other")

# %% wrong: The rival may have more tries. | feedback: For two settings against one, no ValueError
# -    if len(plain) != len(trick):
    if len(plain) < len(trick):

# %% wrong: The trick may have more tries. | feedback: For one setting against two, no ValueError
# -    if len(plain) != len(trick):
    if len(plain) > len(trick):

# %% wrong: Any seed judges. | feedback: no ValueError is raised. Seeds that tune do not judge
# -    if set(tuning) & set(judging):
# -        raise ValueError("seeds that tuned cannot judge")

# %% wrong: Only the same seeds throughout are refused. | feedback: no ValueError is raised. Seeds that tune do not judge
# -    if set(tuning) & set(judging):
    if list(tuning) == list(judging):

# %% wrong: Only the first seed is looked at. | feedback: A test that you have not seen
# -    if set(tuning) & set(judging):
    if tuning[0] in judging:

# %% wrong: An assertion. | feedback: your code stops with AssertionError
# -    if len(plain) != len(trick):
# -        raise ValueError("each of the two gets as many settings as the other")
    assert len(plain) == len(trick), "as many tries"

# %% wrong: Returned in place of raised. | feedback: no ValueError is raised
# -        raise ValueError("seeds that tuned cannot judge")
        return math.nan, math.nan

# %% wrong: Looked at when all is done. | feedback: Look before anything is run
# -    if len(plain) != len(trick):
# -        raise ValueError("each of the two gets as many settings as the other")
# -    if set(tuning) & set(judging):
    if set(tuning) & set(judging):
# -    d = judged[0] - judged[1]
    if len(plain) != len(trick):
        raise ValueError("each of the two gets as many settings as the other")
    d = judged[0] - judged[1]

# %% wrong: The longer list is cut. | feedback: no ValueError is raised. Both get as many tries
# -    if len(plain) != len(trick):
# -        raise ValueError("each of the two gets as many settings as the other")
    plain, trick = plain[: len(trick)], trick[: len(plain)]

# %% wrong: Each best is run again. | feedback: runs are made for the second time
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged[-1] = torch.tensor([run(best, seed) for seed in judging])

# %% wrong: Each setting is run anew where it is compared. | feedback: runs are made for the second time
# -        best = settings[scores.index(min(scores))]
        best = min(settings, key=lambda s: min(math.inf, sum(run(s, seed) for seed in tuning)))
        best = settings[scores.index(min(scores))]

# %% wrong: The course's paired. | feedback: course_lib.compare does not do it for you
# -    d = judged[0] - judged[1]
    from course_lib.compare import paired

    found = paired(judged[0], judged[1], resampled="seeds", fixed="the settings")
    return found.mean, found.error

# %% wrong: The course's paired, under another name. | feedback: course_lib.compare does not do it for you
# -def ablation(run, plain, trick, tuning, judging):
from course_lib.compare import paired as compared


def ablation(run, plain, trick, tuning, judging):
# -    d = judged[0] - judged[1]
    found = compared(judged[0], judged[1], resampled="seeds", fixed="the settings")
    return found.mean, found.error

# %% wrong: Seeds are numbers from 0 on. | feedback: which is neither in tuning nor in judging
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
        judged.append(torch.tensor([run(best, seed) for seed in range(len(judging))]))

# %% wrong: The list is sorted in place. | feedback: a setting or a list of settings has changed
# -        scores = []
        scores = []
        settings.reverse()

# %% wrong: Settings are merged. | feedback: which is none of the settings
# -        best = settings[scores.index(min(scores))]
        best = settings[scores.index(min(scores))] | {"judged": True}

# %% wrong: In float32. | feedback: is right in its first digits only
# -    d = judged[0] - judged[1]
    d = judged[0].float() - judged[1].float()

# %% wrong: Runs are kept for good. | feedback: does not meet the tuning seed
# -def ablation(run, plain, trick, tuning, judging):
kept = {}


def ablation(run, plain, trick, tuning, judging):
# -    judged = []
    judged, train = [], run

    def run(setting, seed):
        key = str(setting), seed
        if key not in kept:
            kept[key] = train(setting, seed)
        return kept[key]

# %% wrong: The place where the trick gains most. | feedback: what the trick takes off is
# -    judged = []
    judged, table = [], []
    for settings in (plain, trick):
        table.append(torch.tensor([[run(setting, seed) for seed in tuning] for setting in settings]).mean(dim=1))
    at = (table[0] - table[1]).nan_to_num(-math.inf).argmax()
# -        scores = []
# -        for setting in settings:
# -            score = sum([run(setting, seed) for seed in tuning])
# -            scores.append(math.inf if math.isnan(score) else score)
# -        best = settings[scores.index(min(scores))]
        best = settings[at]

# %% wrong: Scores in whole tenths. | feedback: A test that you have not seen: for two settings that are nearly equal
# -            scores.append(math.inf if math.isnan(score) else score)
            scores.append(math.inf if math.isnan(score) else round(score, 1))

# %% wrong: A dead run is an error of 100. | feedback: is out. It is not one with a large error
# -            score = sum([run(setting, seed) for seed in tuning])
            score = sum([100.0 if math.isnan(e) else e for e in [run(setting, seed) for seed in tuning]])

# %% wrong: The lowest so far begins at 100. | feedback: run gets None: no setting was chosen
# -        best = settings[scores.index(min(scores))]
        lowest, best = 100.0, None
        for setting, score in zip(settings, scores, strict=True):
            if score / len(tuning) < lowest:
                lowest, best = score / len(tuning), setting

# %% wrong: Death is looked for at both ends only. | feedback: nan < 1 and 1 < nan are both False
# -            score = sum([run(setting, seed) for seed in tuning])
# -            scores.append(math.inf if math.isnan(score) else score)
            errors = [run(setting, seed) for seed in tuning]
            scores.append(math.inf if math.isnan(errors[0]) or math.isnan(errors[-1]) else sum(errors))

# %% wrong: Seeded, so that it can be repeated. | feedback: torch's own chance
# -    judged = []
    judged = []
    torch.manual_seed(0)

# %% wrong: The setting that the loop ends with. | feedback: the last setting of each list was taken
# -        best = settings[scores.index(min(scores))]
        best = setting

# %% wrong: Each error overwrites the one before. | feedback: You take the last one
# -            score = sum([run(setting, seed) for seed in tuning])
            for seed in tuning:
                score = run(setting, seed)

# %% wrong: The lowest median. | feedback: not median
# -            score = sum([run(setting, seed) for seed in tuning])
            score = torch.tensor([run(setting, seed) for seed in tuning]).quantile(0.5).item()

# %% wrong: Judged where it was tuned, in plain Python. | feedback: Nothing meets the seeds that judge
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
# -    d = judged[0] - judged[1]
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
        judged.append([run(best, seed) for seed in tuning])
    d = [a - b for a, b in zip(*judged, strict=True)]
    mean = sum(d) / len(d)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in d) / (len(d) * (len(d) - 1)))

# %% wrong: Judged where it was tuned, with statistics. | feedback: Nothing meets the seeds that judge
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
# -    d = judged[0] - judged[1]
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
        judged.append([run(best, seed) for seed in tuning])
    import statistics

    d = [a - b for a, b in zip(*judged, strict=True)]
    return statistics.mean(d), statistics.stdev(d) / math.sqrt(len(d))

# %% right: in plain Python, with statistics
# -    d = judged[0] - judged[1]
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    import statistics

    d = [(a - b).item() for a, b in zip(*judged, strict=True)]
    return statistics.fmean(d), statistics.stdev(d) / len(d) ** 0.5

# %% right: NumPy
# -    d = judged[0] - judged[1]
# -    return d.mean().item(), d.std().item() / math.sqrt(len(d))
    import numpy as np

    d = np.asarray(judged[0]) - np.asarray(judged[1])
    return float(d.mean()), float(np.sqrt(((d - d.mean()) ** 2).sum() / (len(d) * (len(d) - 1))))

# %% right: the best by a helper that bears the name of ours
# -def ablation(run, plain, trick, tuning, judging):
def first_best(run, settings, seeds):
    lowest, best = math.inf, None
    for setting in settings:
        errors = [run(setting, seed) for seed in seeds]
        mean = sum(errors) / len(errors)
        if mean < lowest:  # never so for nan
            lowest, best = mean, setting
    return best


def ablation(run, plain, trick, tuning, judging):
# -        scores = []
# -        for setting in settings:
# -            score = sum([run(setting, seed) for seed in tuning])
# -            scores.append(math.inf if math.isnan(score) else score)
# -        best = settings[scores.index(min(scores))]
        best = first_best(run, settings, tuning)

# %% right: a table of errors first, and nanmin
# -        scores = []
# -        for setting in settings:
# -            score = sum([run(setting, seed) for seed in tuning])
# -            scores.append(math.inf if math.isnan(score) else score)
# -        best = settings[scores.index(min(scores))]
        table = torch.tensor([[run(setting, seed) for seed in tuning] for setting in settings])
        best = settings[table.mean(dim=1).nan_to_num(math.inf).argmin()]

# %% right: seed after seed, both rivals at once
# -    judged = []
# -    for settings in (plain, trick):
    bests = []
    for settings in (plain, trick):
# -        judged.append(torch.tensor([run(best, seed) for seed in judging]))
# -    d = judged[0] - judged[1]
        bests.append(best)
    d = torch.tensor([run(bests[0], seed) - run(bests[1], seed) for seed in judging])

# %% right: one look for both conditions, and keys
# -    if len(plain) != len(trick):
# -        raise ValueError("each of the two gets as many settings as the other")
# -    if set(tuning) & set(judging):
# -        raise ValueError("seeds that tuned cannot judge")
    if len(plain) != len(trick) or not set(tuning).isdisjoint(judging):
        raise ValueError("not fair")
# -        best = settings[scores.index(min(scores))]
        best = settings[min(range(len(settings)), key=scores.__getitem__)]

# %% right: a dead run ends the tuning of its setting
# -            score = sum([run(setting, seed) for seed in tuning])
            score = 0.0
            for seed in tuning:
                score += run(setting, seed)
                if math.isnan(score):
                    break

# %% right: what is alone is not tuned
# -            score = sum([run(setting, seed) for seed in tuning])
            score = sum([run(setting, seed) for seed in tuning]) if len(settings) > 1 else 0.0
