//! What must hold of every input, for the fuzz targets and the runner on stable Rust.

use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use std::sync::Arc;

/// Reads the bytes and looks at everything that was read; panics where something is not sound.
pub fn read(bytes: &[u8]) {
    let parsed = parse(bytes, &Arc::new(Names::default()), Limits::default());
    let tree = &parsed.tree;
    let source = tree.source();
    let mut children = 0;
    for node in tree.all() {
        let span = tree.span(node);
        assert!(source.get(span.start as usize..span.end as usize).is_some(), "span {span:?}");
        assert!(source.get(tree.key_start(node) as usize..).is_some());
        children += tree.children(node).count();
        tree.text(node);
    }
    assert_eq!(children + 1, tree.len(), "every node but the root is the child of one");
    for fault in &parsed.faults {
        assert!(source.get(fault.span.start as usize..fault.span.end as usize).is_some(), "{fault:?}");
        assert!((fault.node.0 as usize) < tree.len());
        assert!(!fault.problem.message().is_empty());
    }
}
