# %% wrong: The norm stands at the end. | feedback: the norm stands after the sum
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return self.norm(x + self.down(torch.relu(self.up(x))))

# %% wrong: Down follows up. | feedback: the way around is missing
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return self.down(torch.relu(self.up(self.norm(x))))

# %% wrong: What is normalized goes around. | feedback: what goes around is the norm's output
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        h = self.norm(x)
        return h + self.down(torch.relu(self.up(h)))

# %% wrong: x has a name, so it is mine. | feedback: changed its input number 1
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        x += self.down(torch.relu(self.up(self.norm(x))))
        return x

# %% wrong: down is drawn as well. | feedback: down.weight is not 0
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        for p in (self.up.bias, self.down.bias):

# %% wrong: down's bias is as torch draws it. | feedback: down.bias is not 0
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        for p in (self.up.bias, self.down.weight):

# %% wrong: up's bias is as torch draws it. | feedback: up.bias is not 0
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        for p in (self.down.weight, self.down.bias):

# %% wrong: A block ends with a bend. | feedback: a ReLU after the sum
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return torch.relu(x + self.down(torch.relu(self.up(self.norm(x)))))

# %% wrong: The bend comes after the sum. | feedback: the ReLU stands after the sum
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return torch.relu(x + self.down(self.up(self.norm(x))))

# %% wrong: A branch ends with a bend. | feedback: a second ReLU, after down
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + torch.relu(self.down(torch.relu(self.up(self.norm(x)))))

# %% wrong: Two layers in a row are two layers. | feedback: the ReLU is missing
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(self.up(self.norm(x)))

# %% wrong: The bend comes first. | feedback: the ReLU stands before up
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(self.up(torch.relu(self.norm(x))))

# %% wrong: Normalized twice is better. | feedback: there are two norms
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return self.norm(x + self.down(torch.relu(self.up(self.norm(x)))))

# %% wrong: A norm for each side. | feedback: there are 74 parameters, not 66
# -        self.down = nn.Linear(wide, d)
        self.down = nn.Linear(wide, d)
        self.norm2 = nn.LayerNorm(d)

# %% wrong: A norm is made, and that is it. | feedback: the norm is missing
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(torch.relu(self.up(x)))

# %% wrong: GELU is what they use today. | feedback: the bend is a GELU
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(nn.functional.gelu(self.up(self.norm(x))))

# %% wrong: The norm stands before the sum. | feedback: the norm stands at the end of the branch
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.norm(self.down(torch.relu(self.up(x))))

# %% wrong: normal_ takes a variance. | feedback: normal_ takes a standard deviation
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        nn.init.normal_(self.up.weight, std=2 / d)

# %% wrong: He counts what goes out. | feedback: He's counts the inputs
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        nn.init.kaiming_normal_(self.up.weight, mode="fan_out", nonlinearity="relu")

# %% wrong: No ReLU follows. | feedback: leaves out that a ReLU follows
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        nn.init.normal_(self.up.weight, std=math.sqrt(1 / d))

# %% wrong: torch draws as He does. | feedback: torch's default
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))

# %% wrong: Even or normal, the variance counts. | feedback: do not lie as a normal draw does
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        nn.init.kaiming_uniform_(self.up.weight, nonlinearity="relu")

# %% wrong: All of the branch begins at zero. | feedback: nothing would ever learn
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        nn.init.zeros_(self.up.weight)

# %% wrong: A seed makes it repeatable. | feedback: set no seed
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        torch.manual_seed(0)
        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))

# %% wrong: The identity begins in the norm. | feedback: norm.weight is not 1
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        for p in (self.norm.weight, self.up.bias, self.down.weight, self.down.bias):

# %% wrong: Zeros need no gradient. | feedback: cannot learn
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        self.down.requires_grad_(False)
        for p in (self.up.bias, self.down.weight, self.down.bias):

# %% wrong: A norm makes biases needless. | feedback: the parameter up.bias is missing
# -        self.up = nn.Linear(d, wide)
        self.up = nn.Linear(d, wide, bias=False)
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        for p in (self.down.weight, self.down.bias):

# %% wrong: A part's name is free. | feedback: there is no part called up
class Block(nn.Module):
    def __init__(self, d, wide):
        super().__init__()
        self.norm, self.fc1, self.fc2 = nn.LayerNorm(d), nn.Linear(d, wide), nn.Linear(wide, d)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        for p in (self.fc1.bias, self.fc2.weight, self.fc2.bias):
            nn.init.zeros_(p)

    def forward(self, x):
        return x + self.fc2(torch.relu(self.fc1(self.norm(x))))

# %% wrong: An RMS norm is a norm. | feedback: not LayerNorm
# -        self.norm = nn.LayerNorm(d)
        self.norm = nn.RMSNorm(d)

# %% wrong: The wide side is normalized. | feedback: the norm is over the d numbers
# -        self.norm = nn.LayerNorm(d)
        self.norm = nn.LayerNorm(wide)
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(torch.relu(self.norm(self.up(x))))

# %% wrong: Up is as wide as the input. | feedback: up goes from d to wide
# -        self.up = nn.Linear(d, wide)
# -        self.down = nn.Linear(wide, d)
        self.up = nn.Linear(d, d)
        self.down = nn.Linear(d, d)

# %% wrong: The branch is not learned at first. | feedback: no gradient arrives at norm.weight
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        with torch.no_grad():
            h = self.norm(x)
        return x + self.down(torch.relu(self.up(h)))

# %% wrong: A factor of 0 makes it the identity. | feedback: What is gate for
# -        for p in (self.up.bias, self.down.weight, self.down.bias):
        self.gate = nn.Parameter(torch.zeros(1))
        for p in (self.up.bias, self.down.weight, self.down.bias):

# %% right: with kaiming_normal_, in steps
class Block(nn.Module):
    def __init__(self, d, wide):
        super().__init__()
        self.norm, self.up, self.relu, self.down = nn.LayerNorm(d), nn.Linear(d, wide), nn.ReLU(), nn.Linear(wide, d)
        nn.init.kaiming_normal_(self.up.weight, nonlinearity="relu")
        nn.init.constant_(self.up.bias, 0.0)
        nn.init.constant_(self.down.weight, 0.0)
        nn.init.constant_(self.down.bias, 0.0)

    def forward(self, x):
        out = self.norm(x)
        out = self.up(out)
        out = self.relu(out)
        out = self.down(out)
        return out + x

# %% right: by hand under no_grad, with in-place steps on its own tensors
class Block(nn.Module):
    def __init__(self, d, wide):
        super().__init__()
        self.norm = nn.LayerNorm((d,))
        self.up = nn.Linear(d, wide)
        self.down = nn.Linear(wide, d)
        with torch.no_grad():
            self.up.weight.copy_(torch.randn(wide, d) * (2 / d) ** 0.5)
            self.up.bias.fill_(0)
            self.down.weight *= 0
            self.down.bias *= 0

    def forward(self, x):
        h = self.up(self.norm(x)).relu_()
        y = self.down(h)
        y += x
        return y

# %% right: with new parameters, and the branch as a function
class Branch(nn.Linear):
    pass


class Block(nn.Module):
    def __init__(self, d, wide):
        super(Block, self).__init__()
        self.down, self.up, self.norm = Branch(wide, d), Branch(d, wide), nn.LayerNorm(d)
        self.down.weight = nn.Parameter(torch.zeros(d, wide))
        self.down.bias = nn.Parameter(torch.zeros(d))
        self.up.weight = nn.Parameter(torch.normal(0.0, math.sqrt(2 / d), (wide, d)))
        nn.init.zeros_(self.up.bias)

    def branch(self, x):
        return self.down(nn.functional.relu(self.up(self.norm(x))))

    def forward(self, x):
        return torch.add(x, self.branch(x))

# %% wrong: A norm has an ε of one's own. | feedback: Take it as torch makes it
# -        self.norm = nn.LayerNorm(d)
        self.norm = nn.LayerNorm(d, eps=1e-3)

# %% wrong: Chance of one's own is chance. | feedback: draw from torch's own chance
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        own = torch.Generator()
        own.seed()
        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d), generator=own)

# %% wrong: A batch has two axes. | feedback: what comes out has shape
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        x = x.reshape(-1, x.shape[-1])
        return x + self.down(torch.relu(self.up(self.norm(x))))

# %% wrong: The sum of two is halved. | feedback: what comes out
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return (x + self.down(torch.relu(self.up(self.norm(x))))) / math.sqrt(2)

# %% wrong: The tails are cut off. | feedback: the mean square of up.weight
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        std = math.sqrt(2 / d)
        nn.init.trunc_normal_(self.up.weight, std=std, a=-2 * std, b=2 * std)

# %% wrong: A sign is chance enough. | feedback: normal draw does
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        self.up.weight.data = math.sqrt(2 / d) * torch.randn(wide, d).sign()

# %% wrong: Down is nearly zero. | feedback: down.weight is not 0
# -            nn.init.zeros_(p)
            nn.init.normal_(p, std=1e-6)

# %% wrong: One row of weights for all units. | feedback: many entries of up.weight are equal
# -        nn.init.normal_(self.up.weight, std=math.sqrt(2 / d))
        half = math.sqrt(2 / d) * torch.randn(wide // 2, d)
        self.up.weight.data = torch.cat([half, -half, half])[:wide].clone()

# %% wrong: A branch drops some units. | feedback: with random weights
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        return x + self.down(nn.functional.dropout(torch.relu(self.up(self.norm(x))), 0.5, self.training))

# %% right: the branch as a Sequential, which holds the parts first
class Block(nn.Module):
    def __init__(self, d, wide):
        super().__init__()
        norm, up, down = nn.LayerNorm(d), nn.Linear(d, wide), nn.Linear(wide, d)
        self.branch = nn.Sequential(norm, up, nn.ReLU(inplace=True), down)
        self.norm, self.up, self.down = norm, up, down
        nn.init.kaiming_normal_(up.weight, nonlinearity="relu")
        for p in [up.bias, *down.parameters()]:
            p.data.zero_()

    def forward(self, x):
        return x + self.branch(x)

# %% right: by skip_init and clamp
class Block(nn.Module):
    def __init__(self, d, wide):
        super().__init__()
        self.norm = nn.LayerNorm(normalized_shape=d)
        self.up = nn.utils.skip_init(nn.Linear, d, wide)
        self.down = nn.utils.skip_init(nn.Linear, wide, d)
        with torch.no_grad():
            self.up.weight.normal_(std=(d / 2) ** -0.5)
            self.up.bias.zero_()
            for p in self.down.parameters():
                p.zero_()

    def forward(self, x):
        h = self.up(self.norm(x)).clamp(min=0)
        return self.down(h).add(x)

# %% right: a copy that is changed in place
# -        return x + self.down(torch.relu(self.up(self.norm(x))))
        y = x.clone()
        y += self.down(nn.functional.relu(self.up(self.norm(x))))
        return y
