"""torch, rounding as another processor would: `start(seed)`, in the kernel of a notebook.

Processors agree on single additions, multiplications and divisions: IEEE 754 says how they round. They do
not agree on the last bit of what takes several such steps, whose order and fusing are each processor's own:
sums, products of matrices, convolutions, decompositions, functions such as exp, and roots (where a processor
has AVX-512, torch 2.13 rounds one in seven float32 roots otherwise than IEEE 754 does). The results
of these, in float32 and float64, are moved here by -1, 0 or +1 unit in the last place, as the seed, the
operation's name and the bits of the result decide. So

- the same computation gives the same result each time, and another seed is another processor;
- mirrored results stay mirrored, and what a power of two scales stays so scaled: only the bits of the
  fraction count;
- what is exact (its last bits are zero, as in sums of small whole numbers) stays exact.

It stands where the operation itself does, in torch's dispatcher. So autograd, torch.optim and whatever else
is made of these operations meet it, and all other operations run at their full speed. Out of its reach are
Python's `math`, NumPy, 16-bit numbers, what torch.compile generates, and processes that a notebook starts.
Left alone is, too, what moves an average or a weight in few additions and multiplications (lerp, addcmul,
addcdiv, add(…, alpha=…), a fused optimizer): processors differ there by making one rounding of two, and an
average that is moved at each update would stop far from where any processor takes it. For most of this,
tools.processor has other code of the machine itself.
"""

import random
import warnings

import numpy as np
import torch

MOVED = frozenset(
    """
    sum nansum prod cumsum cumprod _logcumsumexp trace var std var_mean std_mean linalg_vector_norm
    linalg__powsum _cdist_forward _cdist_backward _pdist_forward _pdist_backward segment_reduce
    _segment_reduce_backward index_add scatter_add embedding_dense_backward _embedding_bag
    _embedding_bag_dense_backward _embedding_bag_forward_only

    mm addmm bmm baddbmm addbmm addmv dot vdot addr _addmm_activation linalg_cross
    _compute_linear_combination _scaled_dot_product_flash_attention_for_cpu
    _scaled_dot_product_flash_attention_for_cpu_backward mkldnn_rnn_layer mkldnn_rnn_layer_backward
    _weight_norm_interface _weight_norm_interface_backward

    convolution convolution_backward conv_tbc avg_pool2d avg_pool2d_backward avg_pool3d
    avg_pool3d_backward _adaptive_avg_pool2d _adaptive_avg_pool2d_backward _adaptive_avg_pool3d
    _adaptive_avg_pool3d_backward upsample_linear1d upsample_linear1d_backward upsample_bilinear2d
    upsample_bilinear2d_backward upsample_bicubic2d upsample_bicubic2d_backward upsample_trilinear3d
    upsample_trilinear3d_backward _upsample_bilinear2d_aa _upsample_bilinear2d_aa_backward
    _upsample_bicubic2d_aa _upsample_bicubic2d_aa_backward grid_sampler_2d grid_sampler_2d_backward
    grid_sampler_3d grid_sampler_3d_backward _fft_c2c _fft_r2c _fft_c2r

    _softmax _softmax_backward_data _log_softmax _log_softmax_backward_data _masked_softmax
    _masked_softmax_backward native_batch_norm native_batch_norm_backward _native_batch_norm_legit
    _batch_norm_with_update batch_norm_update_stats batch_norm_backward native_layer_norm
    native_layer_norm_backward native_group_norm native_group_norm_backward nll_loss_forward
    nll_loss2d_forward binary_cross_entropy binary_cross_entropy_backward multi_margin_loss
    multi_margin_loss_backward _ctc_loss _ctc_loss_backward

    exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 pow sin cos tan asin acos atan atan2 sinh
    cosh tanh asinh acosh atanh sinc hypot sqrt rsqrt sigmoid logit erf erfc erfinv lgamma digamma polygamma
    mvlgamma igamma igammac i0 xlogy polar angle softplus elu gelu silu mish glu log_sigmoid_forward
    tanh_backward sigmoid_backward logit_backward softplus_backward elu_backward gelu_backward
    silu_backward mish_backward glu_backward log_sigmoid_backward special_airy_ai special_bessel_j0
    special_bessel_j1 special_bessel_y0 special_bessel_y1 special_entr special_erfcx special_i0e
    special_i1 special_i1e special_log_ndtr special_modified_bessel_i0 special_modified_bessel_i1
    special_modified_bessel_k0 special_modified_bessel_k1 special_ndtri special_scaled_modified_bessel_k0
    special_scaled_modified_bessel_k1 special_spherical_bessel_j0 special_xlog1py special_zeta

    _linalg_eigh _linalg_eigvals _linalg_svd cholesky cholesky_inverse _cholesky_solve_helper geqrf ormqr
    triangular_solve linalg_cholesky_ex linalg_eig linalg_householder_product linalg_ldl_factor_ex
    linalg_ldl_solve linalg_lstsq linalg_lu linalg_lu_factor_ex linalg_lu_solve linalg_qr
    linalg_solve_triangular

    arange linspace logspace normal log_normal exponential cauchy
    """.split()
)
# These have no code for a processor of their own, but call what has: without moving that.
COMPOSED = {"aten::convolution", "aten::convolution_backward", "aten::conv_tbc"}
# For these exponents torch multiplies or divides.
ARITHMETIC_POWERS = {-2, -1, 0, 1, 2, 3}

# How a number lies in memory: as a whole number of the same size, whose lowest bits are the fraction.
# (whole number, bits of the fraction, how many of its last are zero if a result is exact)
SINGLE = (np.int32, 23, 10)
DOUBLE = (np.int64, 52, 30)
LAYOUTS = {
    torch.float32: SINGLE,
    torch.complex64: SINGLE,
    torch.float64: DOUBLE,
    torch.complex128: DOUBLE,
}
STEPS = (-1, 0, 1) * 5 + (0,)  # for each value of four bits

_library = None


def start(seed):
    """Make this process's torch round as processor `seed` does, from now to its end."""
    global _library
    if _library is not None:
        raise RuntimeError("This process is another processor already: start a new one.")
    _library = torch.library.Library("aten", "IMPL")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns that its own code is replaced
        for name in operations():
            _library.impl(name.removeprefix("aten::"), _moving(name, seed), "CPU", with_keyset=True)


def operations():
    """The full names, such as aten::exp.out, of all variants of what is moved."""
    for name in torch._C._dispatch_get_all_op_names():
        if name.startswith("aten::") and base(name) in MOVED:
            if name in COMPOSED or torch._C._dispatch_has_kernel_for_dispatch_key(name, "CPU"):
                yield name


def base(name):
    """The operation that a variant belongs to: aten::exp_ and aten::exp.out are exp."""
    return name.removeprefix("aten::").split(".")[0].removesuffix("_")


def _moving(name, seed):
    """The code that runs in place of the processor's own."""
    original = torch.library.get_kernel(name, "CPU")
    schema = torch._C._get_schema(*name.split(".")) if "." in name else torch._C._get_schema(name, "")
    tensors = [number for number, part in enumerate(schema.arguments) if str(part.type) == "Tensor"]
    is_single_step = SINGLE_STEPS.get(base(name))
    movers = make_movers(seed, base(name))

    def run(keys, *arguments, **options):
        if len(tensors) > 1:
            arguments = _numbers_as_tensors(arguments, tensors)
        result = original.call_boxed(keys, *arguments, **options)
        if is_single_step is None or not is_single_step(arguments, result):
            move(result, movers)
        return result

    return run


def _numbers_as_tensors(arguments, tensors):
    """torch hands a Python number over as such, also where the original wants it as a tensor."""
    arguments = list(arguments)
    for number in tensors:
        if number < len(arguments) and isinstance(arguments[number], (bool, int, float, complex)):
            kind = next((a.dtype for a in arguments if isinstance(a, torch.Tensor)), None)
            if kind is not None and not kind.is_floating_point:
                kind = None
            arguments[number] = torch.tensor(arguments[number], dtype=kind)
    return arguments


def _at_most_two_terms(arguments, result):
    return arguments[0].numel() <= 2 * result.numel()


def _one_product_each(arguments, result):
    return arguments[0].shape[-1] <= 1


def _a_power_by_arithmetic(arguments, result):
    return not isinstance(arguments[1], torch.Tensor) and arguments[1] in ARITHMETIC_POWERS


# What is one step of arithmetic after all, with some arguments.
SINGLE_STEPS = {
    "sum": _at_most_two_terms,
    "nansum": _at_most_two_terms,
    "prod": _at_most_two_terms,
    "mm": _one_product_each,
    "bmm": _one_product_each,
    "dot": _one_product_each,
    "vdot": _one_product_each,
    "pow": _a_power_by_arithmetic,
}


def move(result, movers):
    """Move each number in `result` (a tensor, or several) by -1, 0 or +1 unit in its last place, in place."""
    if isinstance(result, torch.Tensor):
        if result.dtype in LAYOUTS and result.numel():
            values = np.atleast_1d(result.detach().numpy())
            for part in (values.real, values.imag) if result.is_complex() else (values,):
                movers[result.dtype](part)
    elif isinstance(result, (tuple, list)):
        for part in result:
            move(part, movers)


def make_movers(seed, operation):
    """For each kind of number, the function that moves an array of them as `seed` does after `operation`."""
    odd = random.Random(f"{seed} {operation}").getrandbits(64) | 1
    movers = {layout: _mover(odd, *layout) for layout in (SINGLE, DOUBLE)}
    return {kind: movers[layout] for kind, layout in LAYOUTS.items()}


def _mover(odd, whole, fraction_bits, exact_bits):
    width = whole().itemsize * 8
    # Arrays, since NumPy is twice as fast with these as with numbers: most results are small.
    fraction_mask = np.array((1 << fraction_bits) - 1, whole)
    exact_mask = np.array((1 << exact_bits) - 1, whole)
    odd = np.array(odd & ((1 << width) - 1), f"uint{width}").view(whole)
    shift = np.array(width - 4, whole)
    steps_for = np.array(STEPS, whole)

    def mover(values):
        bits = values.view(whole)
        fraction = bits & fraction_mask
        # A product with a large odd number, modulo 2**width, stirs all bits into the highest four.
        steps = steps_for[(fraction * odd) >> shift]
        steps *= (fraction & exact_mask) != 0
        bits += steps

    return mover
