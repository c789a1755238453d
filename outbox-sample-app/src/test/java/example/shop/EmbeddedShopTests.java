package example.shop;

/**
 * The shop on H2 and a broker in this JVM.
 */
@ShopTest
class EmbeddedShopTests extends ShopContract {

}
