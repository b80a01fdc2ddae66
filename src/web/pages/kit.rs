//! What pages are made of: the view of a request, forms, answers for programs that read HTML, and the way back to a
//! form whose session ended. Nothing here knows a capability.

pub mod failure;
pub mod form;
pub mod pager;
pub mod posted;
pub mod resume;
pub mod simple;
pub mod view;

pub use form::{Choice, Field, Form};
pub use posted::Posted;
pub use simple::{FormPage, TextPage};
pub use view::{Frame, View, Way};
