package io.apikeys.keycloak.internals.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Intercepts the calls to one of Keycloak's stores. Uses reflection, so that a method added by a later version of
 * Keycloak is intercepted like any other; results are recognised by their type.
 */
interface StoreLayer {

    /** Checks a call before it is made; throws an exception to refuse it. */
    default void before(Method method, Object[] arguments) {}

    /**
     * Checks the result of a call.
     *
     * @param answer null if the store found nothing
     * @return the result for the caller, usually the answer itself
     */
    @Nullable
    Object after(Method method, Object[] arguments, @Nullable Object answer);

    /**
     * Wraps a store. The proxy implements every public interface of the store, because Keycloak checks for some of
     * them.
     */
    static <T> T around(Class<T> type, T store, StoreLayer layer) {
        return type.cast(Proxy.newProxyInstance(
                StoreLayer.class.getClassLoader(),
                Interfaces.OF_STORES.get(store.getClass()),
                (proxy, method, arguments) -> {
                    boolean ofStore = method.getDeclaringClass() != Object.class;
                    // A proxy is given null for the arguments of a method that has none.
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    if (ofStore) {
                        layer.before(method, given);
                    }
                    Object answer = invoke(store, method, given);
                    return ofStore ? layer.after(method, given, answer) : answer;
                }));
    }

    private static @Nullable Object invoke(Object store, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /**
     * The public interfaces of a class and its superclasses, cached per class because every request wraps three stores.
     */
    final class Interfaces extends ClassValue<Class<?>[]> {

        private static final Interfaces OF_STORES = new Interfaces();

        @Override
        protected Class<?>[] computeValue(Class<?> store) {
            Set<Class<?>> interfaces = new LinkedHashSet<>();
            for (Class<?> each = store; each != null; each = each.getSuperclass()) {
                for (Class<?> implemented : each.getInterfaces()) {
                    if (Modifier.isPublic(implemented.getModifiers())) {
                        interfaces.add(implemented);
                    }
                }
            }
            return interfaces.toArray(Class<?>[]::new);
        }
    }
}
