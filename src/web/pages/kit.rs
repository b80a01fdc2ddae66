//! What pages are made of: the view of a request, forms, answers for programs that read HTML, and the way back to a
//! form whose session ended. Nothing here knows a capability.

pub mod choice;
pub mod failure;
pub mod field;
pub mod form;
pub mod frame;
pub mod once;
pub mod pager;
pub mod passkey;
pub mod posted;
pub mod resume;
pub mod simple;
pub mod view;

pub use choice::Choice;
pub use field::Field;
pub use form::Form;
pub use frame::{Frame, Live, SIGNED_OUT};
pub use passkey::{PasskeyForm, PasskeyPage};
pub use posted::Posted;
pub use simple::{FormPage, TextPage};
pub use view::{View, Way};
