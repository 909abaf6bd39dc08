// What a cold start is measured against: a process that does nothing but look at the clock.
console.log(performance.now());
