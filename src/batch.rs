//! The same function over many items, in order; on all cores with the feature `rayon`.

#[cfg(feature = "rayon")]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], function: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter().map(function).collect()
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], function: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.iter().map(function).collect()
}

/// The same function over chunks of at most so many items, each with the results that stand for them.
#[cfg(feature = "rayon")]
pub(crate) fn fill<T: Sync, R: Send>(
    items: &[T],
    results: &mut [R],
    size: usize,
    function: impl Fn(&[T], &mut [R]) + Sync,
) {
    use rayon::prelude::*;
    items.par_chunks(size).zip(results.par_chunks_mut(size)).for_each(|(items, results)| function(items, results));
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn fill<T: Sync, R: Send>(
    items: &[T],
    results: &mut [R],
    size: usize,
    function: impl Fn(&[T], &mut [R]) + Sync,
) {
    items.chunks(size).zip(results.chunks_mut(size)).for_each(|(items, results)| function(items, results));
}

/// Two results, worked out at the same time where there are cores for it.
#[cfg(feature = "rayon")]
pub(crate) fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "rayon"))]
pub(crate) fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    (a(), b())
}
